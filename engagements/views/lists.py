"""What lists have in common: the filter as told by the address, chips, and older and newer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from engagements.selectors.keyset import Leaf

CURSOR = "at"


@dataclass(frozen=True, slots=True)
class Told:
    """The filter of a list: {name: text}, its place, and the form's own fields for dates."""

    path: str
    filters: dict[str, str]
    cursor: str
    for_form: dict[str, str]

    def without(self, name: str) -> str:
        return self._address({key: text for key, text in self.filters.items() if key != name})

    def at(self, cursor: str | None) -> str | None:
        return self._address(self.filters | {CURSOR: cursor}) if cursor else None

    def _address(self, told: dict[str, str]) -> str:
        return f"{self.path}?{urlencode(told, safe=',')}" if told else self.path


def told_by(request: HttpRequest, *, span: str) -> Told:
    """Read the address: several values of one name mean any of them; begin and end make a span."""
    found = {name: ",".join(filter(None, request.GET.getlist(name))) for name in request.GET}
    cursor = found.pop(CURSOR, "")
    begin, end = found.pop("begin", "").strip(), found.pop("end", "").strip()
    if begin or end:
        found[span] = begin if begin == end else f"{begin}..{end}"
    first, _, last = found.get(span, "").partition("..")
    filters = {name: text for name, text in found.items() if text}
    return Told(request.path, filters, cursor, {**filters, "begin": first, "end": last or first})


def pager(leaf: Leaf, told: Told, count_text: str) -> dict[str, Any]:
    return {
        "newer_url": told.at(leaf.before),
        "older_url": told.at(leaf.after),
        "count_text": count_text,
    }
