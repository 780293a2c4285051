"""Template tags that draw the charts, and filters that write their numbers.

A tag takes a dict in the shape of the REST contract and, where it has one, the address of the
evidence list; the sums and places are made in `scorecards.charts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import template

from scorecards import charts
from scorecards.charts.places import one_decimal, signed, two_decimals

register = template.Library()
Row = Mapping[str, Any]

register.filter("two_decimals", two_decimals)
register.filter("one_decimal", one_decimal)
register.filter("signed", signed)


@register.filter
def percent(share: float) -> str:
    """0.694 as "69%"."""
    return f"{100 * share:.0f}%"


@register.filter
def under(cells: Iterable[Any], columns: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Pair each cell of a row with its column's name: `row|under:columns`."""
    return list(zip(columns, cells, strict=True))


@register.inclusion_tag("charts/dimension_bars.svg.html")
def dimension_bars(card: Row, evidence: str | None = None) -> dict[str, Any]:
    return {"bars": charts.dimension_bars(card, evidence)}


@register.inclusion_tag("charts/index_line.svg.html")
def index_line(card: Row, evidence: str | None = None) -> dict[str, Any]:
    return {"line": charts.index_line(card), "href": evidence}


@register.inclusion_tag("charts/stage_ladder.html")
def stage_ladder(stage: Row | None) -> dict[str, Any]:
    return {"ladder": charts.stage_ladder(stage)}


@register.inclusion_tag("charts/conduciveness.svg.html")
def conduciveness(factors: Row, evidence: str | None = None) -> dict[str, Any]:
    return {"chart": charts.conduciveness(factors, evidence), "href": evidence}


@register.inclusion_tag("charts/factor_rows.svg.html")
def factor_rows(
    factors: Row,
    names: Mapping[str, str] | None = None,
    evidence: str | None = None,
    sparks: Mapping[str, Sequence[float]] | None = None,
    newest: Mapping[str, str] | None = None,
    bundle: str | None = None,
) -> dict[str, Any]:
    """All factors, or those of one bundle."""
    rows = charts.factor_rows(factors, names, evidence, sparks, newest)
    shown = [row for row in rows if bundle in (None, row.bundle)]
    return {"rows": shown, "drawn": any(row.spark for row in shown)}


@register.inclusion_tag("charts/hypothesis_bars.svg.html")
def hypothesis_bars(factors: Row) -> dict[str, Any]:
    return {"bars": charts.hypothesis_bars(factors)}


@register.inclusion_tag("charts/matrix.html")
def matrix(ngos: Iterable[Row]) -> dict[str, Any]:
    return {"cells": charts.matrix(ngos)}


@register.inclusion_tag("charts/incidents.svg.html")
def incidents_by_quarter(
    incidents: Iterable[Row],
    list_href: str | None = None,
    effort: Mapping[date, float] | None = None,
) -> dict[str, Any]:
    return {"chart": charts.incidents_by_quarter(incidents, list_href, effort)}


@register.inclusion_tag("charts/timeline.svg.html")
def timeline(
    marks: Iterable[Row],
    score: Iterable[Row] = (),
    as_of: date | None = None,
    list_href: str | None = None,
) -> dict[str, Any]:
    return {"chart": charts.timeline(marks, score, as_of, list_href), "list_href": list_href}


@register.inclusion_tag("charts/spread.svg.html")
def spread_chart(after: Row, before: Row, moved: bool = False) -> dict[str, Any]:
    """Where the draws of a score lie; `moved` draws those of the score as it is beside them."""
    return {"chart": charts.spread_chart(after, before), "after": after, "moved": moved}
