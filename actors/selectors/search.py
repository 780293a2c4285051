"""Find armed groups and NGOs by any of their names, and say which name it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from actors.models import GroupName, NgoName
from actors.models.names import fold
from actors.selectors.parts import by_parent, interval

FEWEST_LATIN, FEWEST_OTHER = 3, 2
LAST_LATIN_LETTER = "\u024f"
ALIKE = 0.4  # share of letter triples in common from which a misspelling is taken as meant

Names = type[GroupName] | type[NgoName]
_PARENT = {GroupName: "group_id", NgoName: "ngo_id"}


def found_by_name(rows: QuerySet[Any], names: Names, words: str) -> QuerySet[Any]:
    """Those of `rows` with a name that holds the words, else with one that is spelled alike.

    Accents, case, spaces and doubled letters make no difference. ValidationError if `words` are
    too short. `rows` must be limited to what the viewer may see: the rest is not compared.
    """
    folded = folded_words(words)
    parent = _PARENT[names]
    own: Any = names._default_manager.filter(**{f"{parent}__in": rows.values("pk")})
    holding = own.filter(folded__contains=folded)
    if holding.exists():
        return rows.filter(pk__in=holding.values(parent))
    pairs = own.values_list(parent, "folded")
    return rows.filter(pk__in={pk for pk, name in pairs if likeness(folded, name) >= ALIKE})


def folded_words(words: str) -> str:
    folded = fold(words)
    latin = all(letter <= LAST_LATIN_LETTER for letter in folded)
    fewest = FEWEST_LATIN if latin else FEWEST_OTHER
    if len(folded) < fewest:
        raise ValidationError({"q": f"Write at least {fewest} letters of a name."})
    return folded


def likeness(one: str, other: str) -> float:
    """Share of letter triples that two folded names have in common, 0 to 1.

    >>> likeness("harakat", "harakat"), likeness("harakat", "mundo")
    (1.0, 0.0)
    """
    first, second = _triples(one), _triples(other)
    return len(first & second) / len(first | second)


def _triples(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def why_found(rows: Sequence[Any], names: Names, words: str) -> list[dict[str, Any]]:
    """Per row the name that the words found: {name, kind, from, to}."""
    folded, parent = folded_words(words), _PARENT[names]
    ids: list[UUID] = [row.pk for row in rows]
    own: Any = names._default_manager.filter(**{f"{parent}__in": ids}).order_by("pk")
    grouped = by_parent(own, parent)
    return [_reason(grouped.get(pk, []), folded) for pk in ids]


def _reason(names: list[Any], folded: str) -> dict[str, Any]:
    def fit(row: Any) -> tuple[bool, float, bool]:
        return folded in row.folded, likeness(folded, row.folded), row.kind == "official"

    best = max(names, key=fit)
    return {"name": best.name, "kind": best.kind, **interval(best)}
