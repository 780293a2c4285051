"""How far a score may lie from where it stands: drawn spreads, tornado, bands on 0..100."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .places import Row, one_decimal, place, signed, stretch

HEIGHT = 96
"""Of the tallest bar, in pixels."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the histogram and the draws it stands for, now and before."""

    at: str
    width: str
    top: int
    height: int
    top_before: int
    height_before: int


@dataclass(frozen=True, slots=True)
class SpreadChart:
    """Where the draws of a score lie, over those of the score as it is."""

    bars: list[Bar]
    height: int
    median_at: str
    words: str


def spread_chart(after: Row, before: Row) -> SpreadChart:
    """Lay out two `spread` objects of the what-if answer over one another."""
    most = max(1, *after["histogram"], *before["histogram"])
    count = len(after["histogram"])
    bars = [
        _bar(number, count, drawn, was, most)
        for number, (drawn, was) in enumerate(
            zip(after["histogram"], before["histogram"], strict=True)
        )
    ]
    return SpreadChart(bars, HEIGHT, place(after["p50"], 0, 100), _spread_words(after))


def _bar(number: int, count: int, drawn: int, was: int, most: int) -> Bar:
    height, height_before = (round(HEIGHT * value / most) for value in (drawn, was))
    return Bar(
        at=place(number, 0, count),
        width=stretch(0, 1, 0, count),
        top=HEIGHT - height,
        height=height,
        top_before=HEIGHT - height_before,
        height_before=height_before,
    )


def _spread_words(spread: Row) -> str:
    return (
        f"Nine draws in ten lie between {one_decimal(spread['p5'])} and"
        f" {one_decimal(spread['p95'])}, half above {one_decimal(spread['p50'])}."
    )


@dataclass(frozen=True, slots=True)
class TornadoRow:
    """What leaving one out does: a bar from the middle to either side."""

    key: str
    name: str
    effect: str
    start: str
    width: str
    outcome: str
    words: str
    changes: bool
    href: str | None


def tornado(
    rows: Iterable[Row], said: str | None, names: Mapping[str, str], evidence: str
) -> list[TornadoRow]:
    """Rows `{key, effect, outcome, word}`, largest effect first, on a span that holds them all.

    `said` is the conclusion as it stands, `names` the words of the keys, `evidence` the address
    that a key completes.
    """
    listed = list(rows)
    span = max((abs(row["effect"] or 0.0) for row in listed), default=0.0) or 1.0
    return [_tornado_row(row, span, said, names, evidence) for row in listed]


def _tornado_row(
    row: Row, span: float, said: str | None, names: Mapping[str, str], evidence: str
) -> TornadoRow:
    effect = row["effect"]
    start, end = sorted((0.0, effect or 0.0))
    name = names.get(row["key"]) or str(row["key"])
    written = "no index" if effect is None else signed(effect)
    return TornadoRow(
        key=row["key"],
        name=name,
        effect=written,
        start=place(start, -span, span),
        width=stretch(start, end, -span, span),
        outcome=one_decimal(row["outcome"]),
        words=f"Without {name}: {written}.",
        changes=row["word"] != said,
        href=f"{evidence}={row['key']}",
    )


@dataclass(frozen=True, slots=True)
class Band:
    """A band on 0..100 with a mark where the score stands."""

    low: str
    high: str
    low_at: str
    width: str
    at: str | None
    words: str


def band(low: float, high: float, value: float | None) -> Band:
    return Band(
        low=one_decimal(low),
        high=one_decimal(high),
        low_at=place(low, 0, 100),
        width=stretch(low, high, 0, 100),
        at=None if value is None else place(value, 0, 100),
        words=f"From {one_decimal(low)} to {one_decimal(high)}.",
    )
