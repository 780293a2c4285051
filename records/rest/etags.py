"""Strong ETags per viewer.

An ETag has two parts: what is shown ("record") and in which shape. The record part is an HMAC
over the viewer's rights and the id and version of every record shown, never over their content:
a 304 reads none, and a record that the viewer may not see cannot move it. `If-Match` compares
the record part alone, so the ETag of any shape of the detail answer will do.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from hashlib import sha256

from django.conf import settings

_ETAG = re.compile(r'"([0-9a-f]{32})-([0-9a-f]{16})"')


def record_part(rights: str, shown: Iterable[object]) -> str:
    return _mac("record", rights, *map(str, shown))[:32]


def etag(part: str, shape: str) -> str:
    return f'"{part}-{_mac("shape", shape)[:16]}"'


def _mac(*words: str) -> str:
    mac = hmac.new(f"records.rest.etags{settings.SECRET_KEY}".encode(), digestmod=sha256)
    for word in words:
        mac.update(f"{len(word)}:{word}".encode())
    return mac.hexdigest()


def matches_any(header: str, tag: str) -> bool:
    """`If-None-Match`: one of the tags is this one, or any will do."""
    tags = [one.strip() for one in header.split(",")]
    return "*" in tags or tag in [one.removeprefix("W/") for one in tags]


def names_record(header: str, part: str) -> bool:
    """`If-Match`: one of the strong tags belongs to this state of the record."""
    parsed = [_ETAG.fullmatch(one.strip()) for one in header.split(",")]
    return any(one is not None and hmac.compare_digest(one.group(1), part) for one in parsed)
