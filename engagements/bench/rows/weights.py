"""Rows 22 and 23: how many bytes a page costs on a thin line, compressed as they travel."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from engagements.bench.bars import Figure
from engagements.bench.client import grower
from engagements.bench.rows import Here, row

PAGE = "/meetings/"
LINKED = re.compile(r'(?:src|href)="/static/([^"?#]+)')
NEXT = re.compile(r'href="([^"]*[?&;]at=[^"]+)"')


@row(22)
def weight_of_pages(here: Here) -> Iterator[Figure]:
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(grower(), backend=settings.AUTHENTICATION_BACKENDS[0])
    page, text = fetched(client, PAGE)
    files = sorted(set(LINKED.findall(text)))
    yield Figure("page", page / 1000, PAGE)
    yield Figure("first_load", (page + weight(map(found, files))) / 1000, f"{len(files)} files")
    if following := NEXT.search(text):
        size, _ = fetched(client, following[1].replace("&amp;", "&"))
        yield Figure("next_page", size / 1000, "the same page, older meetings")


@row(23)
def weight_of_scripts(here: Here) -> Iterator[Figure]:
    scripts = sorted((Path(settings.BASE_DIR) / "static").rglob("*.js"))
    yield Figure("javascript", weight(scripts) / 1000, ", ".join(path.name for path in scripts))


def fetched(client: Client, path: str) -> tuple[int, str]:
    """Bytes as they travel, and the text."""
    path = path if path.startswith("/") else PAGE + path
    answer = client.get(path, SERVER_NAME="127.0.0.1")
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    body = answer.content
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(body), (gzip.decompress(body) if packed else body).decode()


def found(name: str) -> Path:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(f"a page links {name}, which is not there")
    return Path(path)


def weight(files: Iterable[Path]) -> int:
    """As whitenoise serves them: images and fonts as they are, the rest compressed."""
    return sum(min(len(gzip.compress(path.read_bytes())), path.stat().st_size) for path in files)
