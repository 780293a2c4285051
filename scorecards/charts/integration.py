"""The integration side of the scorecard: dimension bars, the index line, the stage ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .places import Row, one_decimal, place, stretch, two_decimals

DIMENSIONS: Mapping[str, str] = {
    "doctrine": "Doctrine",
    "training": "Training",
    "equipment": "Equipment",
    "sanctions": "Sanctions",
}
STAGES = ("mapped", "contact", "familiarised", "accepted", "incorporated", "applied", "owned")
_STANDINGS = {"supported": "supported", "indicative": "indicative"}


@dataclass(frozen=True, slots=True)
class DimensionBar:
    """One dimension, placed on 0..1. `bar` and `raw_at` are None where nothing may be drawn."""

    key: str
    name: str
    value: str
    raw: str
    bar: str | None
    raw_at: str | None
    low: str
    high: str
    low_at: str
    high_at: str
    known: str
    standing: str
    held_down_by: str
    apart: bool
    href: str | None

    @property
    def hatched(self) -> bool:
        return self.standing == "indicative"

    @property
    def words(self) -> str:
        """The bar as a sentence: its text alternative."""
        value = f"{self.value} of 1, {self.standing}" if self.value else self.standing
        limit = f", held down by {self.held_down_by} from {self.raw}" if self.held_down_by else ""
        return f"{self.name}: {value}{limit}; range {self.low} to {self.high}; {self.known} known."


def dimension_bars(card: Row, evidence: str | None = None) -> list[DimensionBar]:
    """The four dimensions of a scorecard (shape of `api.md`), then the programme if it is there.

    `evidence` is the address of the evidence list; each bar links to its own part of it.
    Below a coverage of .40 the card has no value and no bar is drawn, only the range (2.3).
    """
    found = card.get("dimensions") or {}
    bars = [_bar(key, name, found.get(key) or {}, evidence) for key, name in DIMENSIONS.items()]
    programme = card.get("programme") or found.get("programme")
    if programme is not None:
        bars.append(_bar("programme", "Programme", programme, evidence))
    return bars


def _bar(key: str, name: str, dimension: Row, evidence: str | None) -> DimensionBar:
    raw = dimension.get("value")
    value = dimension.get("capped") if dimension.get("capped") is not None else raw
    low, high = dimension.get("low", 0.0), dimension.get("high", 1.0)
    bound_by = dimension.get("bound_by") if raw is not None else None
    standing = _STANDINGS.get(str(dimension.get("standing")), "") if value is not None else ""
    return DimensionBar(
        key=key,
        name=name,
        value=two_decimals(value),
        raw=two_decimals(raw),
        bar=None if value is None else place(value),
        raw_at=place(raw) if bound_by and raw is not None else None,
        low=two_decimals(low),
        high=two_decimals(high),
        low_at=place(low),
        high_at=place(high),
        known=f"{100 * (dimension.get('coverage') or 0):.0f}%",
        standing=standing or ("not enough evidence" if value is None else "supported"),
        held_down_by=DIMENSIONS.get(str(bound_by), str(bound_by)).lower() if bound_by else "",
        apart=key == "programme",
        href=f"{evidence}?dimension={key}" if evidence else None,
    )


@dataclass(frozen=True, slots=True)
class IndexLine:
    """The index on 0..100 with its range, and the arithmetic mean beside it."""

    index: str
    index_at: str | None
    low: str
    high: str
    low_at: str
    width: str
    mean: str
    mean_at: str | None
    penalty: str
    minimum: str

    @property
    def words(self) -> str:
        """The line as a sentence: its text alternative."""
        if not self.index:
            return f"Index not available; range {self.low} to {self.high} of 100."
        return (
            f"Index {self.index} of 100, range {self.low} to {self.high}; arithmetic mean "
            f"{self.mean}, balance penalty {self.penalty}, lowest dimension {self.minimum}."
        )


def index_line(card: Row) -> IndexLine:
    """Place the index (2.5). Without an index the range alone is drawn."""
    index, mean = card.get("index"), card.get("arithmetic_mean")
    low, high = _or(card.get("index_low"), 0.0), _or(card.get("index_high"), 100.0)
    return IndexLine(
        index=one_decimal(index),
        index_at=None if index is None else place(index, 0, 100),
        low=one_decimal(low),
        high=one_decimal(high),
        low_at=place(low, 0, 100),
        width=stretch(low, high, 0, 100),
        mean=one_decimal(mean) if index is not None else "",
        mean_at=place(mean, 0, 100) if index is not None and mean is not None else None,
        penalty=one_decimal(card.get("balance_penalty")),
        minimum=one_decimal(card.get("minimum")),
    )


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    state: str  # passed | here | ahead


@dataclass(frozen=True, slots=True)
class StageLadder:
    """Seven steps; `placed` is False until a stage has been recorded. Frozen ones are greyed."""

    steps: list[Step]
    placed: bool
    since: str
    missing: list[str]
    frozen: bool = False


def stage_ladder(stage: Row | None) -> StageLadder:
    """The ladder of 2.6 with today's step; no stage, or a stage without level, is "not placed"."""
    level = (stage or {}).get("level")
    return StageLadder(
        steps=[Step(name, _state(number, level)) for number, name in enumerate(STAGES)],
        placed=level is not None,
        since=str((stage or {}).get("since") or ""),
        missing=list((stage or {}).get("missing_for_next") or []),
        frozen=bool((stage or {}).get("frozen")),
    )


def _state(number: int, level: int | None) -> str:
    if level is None or number > level:
        return "ahead"
    return "here" if number == level else "passed"
