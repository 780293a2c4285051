"""Which fields of a record an answer holds: `fields=a,b`, `omit=a,b`, `brief=true`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from records.problems import refusal
from records.rest.filters import Unreadable, read_flag


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields asked for, in the record's own order."""

    fields: tuple[str, ...]

    def wants(self, field: str) -> bool:
        return field in self.fields

    def cut(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with these fields alone, and `matched` where a search says why."""
        return {name: row[name] for name in (*self.fields, "matched") if name in row}


def shape_of(told: Mapping[str, str], *, fields: Sequence[str], brief: Sequence[str]) -> Shape:
    """The shape that the parameters ask for; Problem (400) naming an unknown field."""
    chosen = _names(told, "fields", fields)
    try:
        short = read_flag(told.get("brief", "false"))
    except Unreadable as unreadable:
        raise refusal("brief", str(unreadable), "bad_parameter") from None
    left = _names(told, "omit", fields) or []
    wanted = chosen if chosen is not None else list(brief) if short else list(fields)
    return Shape(tuple(name for name in fields if name in wanted and name not in left))


def _names(told: Mapping[str, str], parameter: str, known: Sequence[str]) -> list[str] | None:
    if parameter not in told:
        return None
    names = [name.strip() for name in told[parameter].split(",")]
    if unknown := [name for name in names if name not in known]:
        sentence = f"There is no field “{unknown[0][:60]}” here. Any of: {', '.join(known)}."
        raise refusal(parameter, sentence, "bad_parameter")
    return names
