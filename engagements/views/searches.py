"""Searches stay in the session under a random id: only the id stands in an address."""

from __future__ import annotations

from secrets import token_urlsafe

from django.http import HttpRequest

KEPT = 20
LONGEST = 200


def keep_search(request: HttpRequest, words: str) -> str:
    """Keep the words, and the newest twenty searches with them; the id for the address."""
    found = dict(list(request.session.get("searches", {}).items())[-(KEPT - 1) :])
    key = token_urlsafe(9)
    request.session["searches"] = {**found, key: words[:LONGEST]}
    return key


def kept_search(request: HttpRequest, key: str) -> str:
    """The words, or nothing for an id of another session or one that was forgotten."""
    return str(request.session.get("searches", {}).get(key, ""))
