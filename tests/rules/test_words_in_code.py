"""What never stands in our code: outside hosts, inline script or style, ways round the rules."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ["config", "engagements", "scorecards", "actors", "accounts", "records"]
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}

HOST = re.compile(r"""(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s"'<>)]*""", re.IGNORECASE)
INLINE = {
    "a script without a file": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE
    ),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a handler in an attribute": re.compile(r"\s(?:on[a-z]+|hx-on[a-z:-]*)\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "text that is not escaped": re.compile(r"\|\s*safe\b|autoescape\s+off"),
}
# The words themselves are put together here, so that this file does not hold what it forbids.
FORBIDDEN = {
    "mark_" + "safe": "text from people would run as markup",
    "csrf_" + "exempt": "another site could act for whoever is signed in",
    "cache_" + "page": "one reader's page would reach another",
    "Allow" + "Any": "a door would open to anybody",
    ".is_super" + "user": "nobody stands above the rules of access",
}

# The form runs the same check itself, so that a refused post still shows what was typed.
EXCEPTIONS = {("csrf_" + "exempt", "engagements/views/log.py")}


def texts(*patterns: str, under: list[str]) -> Iterator[tuple[str, str]]:
    """Each file's path and text."""
    for folder in under:
        for pattern in patterns:
            for path in sorted((ROOT / folder).rglob(pattern)):
                if path.is_file():
                    yield str(path.relative_to(ROOT)), path.read_text()


def addresses(text: str) -> set[str]:
    return {found for found in HOST.findall(text) if found not in NAMESPACES}


def test_a_page_and_what_it_loads_name_no_outside_host():
    kinds = ["*.html", "*.svg", "*.css", "*.js", "*.json", "*.webmanifest", "*.txt"]
    found = {path: addresses(text) for path, text in texts(*kinds, under=["templates", "static"])}
    assert {path: hosts for path, hosts in found.items() if hosts} == {}


@pytest.mark.parametrize("what", INLINE)
def test_a_template_holds_nothing_inline(what):
    pages = texts("*.html", "*.svg", under=["templates", "static"])
    assert [path for path, text in pages if INLINE[what].search(text)] == []


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_way_round_the_rules_is_taken(word):
    code = texts("*.py", under=APPS)
    found = {(word, path) for path, text in code if word in text}
    assert found - EXCEPTIONS == set(), FORBIDDEN[word]


# Scores of dossiers that were limited just before, each read at the viewer's own clearance.
LIMITED_BEFORE = {"engagements/api/scorecards.py"}


def is_door(path: str) -> bool:
    return path.split("/")[1] in {"views", "views.py", "api", "api.py"}


def test_a_door_reaches_rows_only_through_what_its_viewer_may_see():
    lines = [
        f"{path}:{number}: {line.strip()}"
        for path, text in texts("*.py", under=APPS)
        if is_door(path) and path not in LIMITED_BEFORE
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"\.(?:objects|_default_manager|_base_manager)\b", line)
    ]
    scoped = re.compile(r"visible\w*\((?:request\.)?viewer|within\(viewer")
    assert [line for line in lines if not scoped.search(line)] == []


def test_the_patterns_find_what_they_look_for():
    assert addresses('<script src="//cdn.example.org/x.js">') == {"//cdn.example.org/x.js"}
    found = {
        "a script without a file": "<script>x</script>",
        "a style element": "<style>p{}</style>",
        "a style attribute": '<p style="color:red">',
        "a handler in an attribute": '<p onclick="x">',
        "a javascript: address": '<a href="javascript:x">',
        "text that is not escaped": "{{ note|safe }}",
    }
    assert all(INLINE[what].search(text) for what, text in found.items())
    assert INLINE["a script without a file"].search('<script src="/static/x.js" defer>') is None
