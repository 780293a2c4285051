"""How the tests read a page: its words, its links, and the rows of its tables."""

from __future__ import annotations

import html
import re
from typing import Any


def words(answer: Any) -> str:
    """What the page says, without its tags, on one line."""
    assert answer.status_code == 200, answer.status_code
    return plain(answer.content.decode())


def plain(source: str) -> str:
    """The words of a piece of HTML."""
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", source, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare))).strip()


def section(answer: Any, name: str) -> str:
    """The words of one section, by the id of its heading."""
    source = answer.content.decode()
    found = re.search(rf'<section[^>]*aria-labelledby="{name}".*?</section>', source, flags=re.S)
    assert found is not None, name
    return plain(found.group())


def links(answer: Any) -> set[str]:
    """Every address that the page links to."""
    return set(map(html.unescape, re.findall(r'href="([^"]+)"', answer.content.decode())))
