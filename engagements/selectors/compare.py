"""Dossiers beside each other, or one at two dates: as chosen, never ranked or averaged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.urls import reverse

from accounts.access import Viewer
from engagements.access import dossiers_visible_to
from engagements.details import CODES
from engagements.models import Dossier
from engagements.selectors import scores
from engagements.selectors.dossier_page import badge_words
from engagements.selectors.validity import card_validity
from records.codes import load
from records.models.records import CURRENT
from scorecards.charts import dimension_bars
from scorecards.charts.conditions import BUNDLES
from scorecards.charts.integration import DimensionBar
from scorecards.charts.places import one_decimal, signed, two_decimals
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS

CARD_CODES = load("scorecards")
MOST = 5  # more do not fit beside each other on one page
MOST_OFFERED = 300
BLOCKS = {"education": "of which education", "training": "of which training proper"}
TRENDS = {"falling": "falling", "rising": "rising", "no_clear_trend": "no clear trend"}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One dossier as published at the viewer's clearance (`at` None), or as of a day."""

    dossier: Dossier
    at: date | None
    card: Row
    factors: Row

    @property
    def topic(self) -> str:
        return CODES["norms"].label(self.dossier.norm)

    @property
    def method(self) -> str:
        return str(self.card["method"]["version"]) if self.card["method"] else ""

    def evidence(self, kind: str, **cut: str) -> str:
        """The list that a number rests on, at the same date."""
        asked = {**cut, **({"as_of": self.at.isoformat()} if self.at else {})}
        address = reverse("evidence", args=[self.dossier.pk, kind])
        return f"{address}?{urlencode(asked)}" if asked else address


@dataclass(frozen=True, slots=True)
class Cell:
    """What one column says on one line. `mark` stands in the place of a number that is missing."""

    text: str = ""
    under: str = ""
    href: str = ""
    mark: str = ""
    bar: DimensionBar | None = None


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that belong together; nothing of one part is netted with another."""

    code: str
    name: str
    lines: list[Line]


def columns_of(viewer: Viewer, chosen: Sequence[tuple[Dossier, date | None]]) -> list[Column]:
    """The columns in the order chosen. Raises ValidationError by field for a date that is not the
    viewer's to ask for.
    """
    dossiers = [dossier for dossier, _ in chosen]
    prefetch_related_objects(dossiers, "engagement__armed_group__listings")
    published = _published(viewer, [dossier for dossier, at in chosen if at is None])
    columns = []
    for dossier, at in chosen:
        card, factors = scores.both_on(viewer, dossier, at) if at else published[dossier.pk]
        columns.append(Column(dossier, at, card, factors))
    return columns


def _published(viewer: Viewer, dossiers: Iterable[Dossier]) -> dict[Any, tuple[Row, Row]]:
    rows = list(
        scores.standings_visible_to(viewer).filter(dossier__in=[one.pk for one in dossiers])
    )
    failed = scores.failed_of([row.dossier for row in rows if row.is_behind])
    return {
        row.dossier_id: (
            scores.standing_json(viewer, row, SCORECARD, failed),
            scores.standing_json(viewer, row, SUCCESS_FACTORS, failed),
        )
        for row in rows
    }


def offered(viewer: Viewer, chosen: Sequence[Dossier]) -> list[Dossier]:
    """What may be put beside each other: the chosen first, in their order, then the dossiers on
    the same armed groups, then the others by name.
    """
    groups = {one.engagement.armed_group_id for one in chosen}
    taken = {one.pk for one in chosen}
    rows = dossiers_visible_to(viewer).filter(state=CURRENT).exclude(pk__in=taken)
    named = rows.select_related("engagement__ngo", "engagement__armed_group").order_by(
        "engagement__armed_group__name", "engagement__ngo__name", "norm", "pk"
    )
    found = list(named[:MOST_OFFERED])
    found.sort(key=lambda one: one.engagement.armed_group_id not in groups)
    return [*chosen, *found]


def warnings_of(columns: Sequence[Column]) -> list[str]:
    """What keeps numbers from being compared, in sentences."""
    found = []
    methods = list(dict.fromkeys(one.method for one in columns if one.method))
    if len(methods) > 1:
        found.append(
            f"These were computed by different weight sets ({' and '.join(methods)}): their "
            "numbers do not stand on one scale. Compare them once each is recomputed."
        )
    clearances = sorted({one.card["clearance"] for one in columns})
    if len(clearances) > 1:
        told = " and ".join(str(one) for one in clearances)
        found.append(
            f"They are shown at different clearances ({told}), and may rest on more or "
            "less of what is known."
        )
    if len({one.dossier.norm for one in columns}) > 1:
        found.append("They are about different topics.")
    if any(one.card["state"] != scores.CURRENT for one in columns):
        found.append("A score here is behind its records; it will follow.")
    return found


def parts_of(columns: Sequence[Column]) -> list[Part]:
    """Every line of the comparison; integration, violations and conditions stand apart."""
    return [
        Part("integration", "Integration", _integration(columns)),
        Part("violations", "Violations, beside the index and never netted", _violations(columns)),
        Part("conditions", "Conditions for the conversation", _conditions(columns)),
    ]


def _lines(
    columns: Sequence[Column], told: Iterable[tuple[str, Callable[[Column], Cell]]]
) -> list[Line]:
    return [Line(name, [cell(column) for column in columns]) for name, cell in told]


# --- Integration ----------------------------------------------------------------------------------


def _integration(columns: Sequence[Column]) -> list[Line]:
    bars = [
        {bar.key: bar for bar in dimension_bars(one.card, one.evidence("scorecard"))}
        for one in columns
    ]
    lines = _lines(columns, [("How far the card fits", _fits)])
    for entry in CARD_CODES["dimensions"]:
        code = str(entry.code)
        cells = [_bar(column, found.get(code)) for column, found in zip(columns, bars, strict=True)]
        lines.append(Line(entry.label(), cells))
        if code == "training":
            lines += [_block(columns, block) for block in CARD_CODES["blocks"]]
    return [
        *lines,
        *_lines(
            columns,
            [("Index", _index), ("Balance", _balance), ("Stage", _stage), ("Commitment", _badge)],
        ),
    ]


def _fits(column: Column) -> Cell:
    group = column.dossier.engagement.armed_group
    validity, words = card_validity(group.structure)
    if validity == "full":
        return Cell(words)
    return Cell(words, f"the group is {group.get_structure_display().lower()}")


def _bar(column: Column, bar: DimensionBar | None) -> Cell:
    href = column.evidence("scorecard", dimension=bar.key) if bar else column.evidence("scorecard")
    if bar is None:
        return Cell(mark="too-little", href=href)
    under = f"{bar.low} – {bar.high}; {bar.known} known"
    if not bar.value:
        return Cell(mark="too-little", under=under, href=href, bar=bar)
    limit = f"; held down by {bar.held_down_by}, {bar.raw} by itself" if bar.held_down_by else ""
    return Cell(bar.value, f"{bar.standing}; {under}{limit}", href, bar=bar)


def _block(columns: Sequence[Column], block: Any) -> Line:
    """Te and Tt, inside training."""
    cells = []
    for column in columns:
        found = (column.card["training_blocks"] or {}).get(str(block.code)) or {}
        href = column.evidence("scorecard", dimension="training")
        if found.get("value") is None:
            cells.append(Cell(mark="too-little", href=href))
        else:
            told = f"{two_decimals(found['low'])} – {two_decimals(found['high'])}"
            cells.append(Cell(two_decimals(found["value"]), told, href))
    return Line(BLOCKS[str(block.code)], cells)


def _index(column: Column) -> Cell:
    card, href = column.card, column.evidence("scorecard")
    if card["index_low"] is None:
        return Cell(mark="too-little", href=href)
    span = f"{one_decimal(card['index_low'])} – {one_decimal(card['index_high'])} of 100"
    if card["index"] is None:
        return Cell(mark="too-little", under=span, href=href)
    return Cell(one_decimal(card["index"]), span, href)


def _balance(column: Column) -> Cell:
    card = column.card
    if card["index"] is None:
        return Cell("not available")
    return Cell(
        f"mean {one_decimal(card['arithmetic_mean'])}",
        f"balance penalty {one_decimal(card['balance_penalty'])}; lowest dimension "
        f"{one_decimal(card['minimum'])}",
    )


def _stage(column: Column) -> Cell:
    stage, href = column.card["stage"], reverse("dossier", args=[column.dossier.pk])
    if stage["level"] is None:
        return Cell("not placed", href=href)
    since = f"since {stage['since']}" if stage["since"] else ""
    return Cell(f"{stage['level']}, {stage['name']}", since, href)


def _badge(column: Column) -> Cell:
    return Cell(badge_words(column.card["commitment"]), href=_beside(column, "commitments"))


def _beside(column: Column, name: str) -> str:
    return f"{reverse(name)}?{urlencode({'dossier': column.dossier.pk})}"


# --- Violations -----------------------------------------------------------------------------------


def _violations(columns: Sequence[Column]) -> list[Line]:
    told = [("Pattern", _pattern), ("Rate of incidents", _rate), ("Beside the index", _four_cells)]
    return [*_lines(columns, told), *_categories(columns)]


def _pattern(column: Column) -> Cell:
    panel, href = column.card["violations"], _beside(column, "incidents")
    if panel["pattern"] is None:
        return Cell("not judged yet", href=href)
    if not panel["pattern"]:
        return Cell("no pattern", href=href)
    return Cell(
        "pattern", ", ".join(_category(one["category"]) for one in panel["pattern_in"]), href
    )


def _rate(column: Column) -> Cell:
    panel = column.card["violations"]
    found, href = panel["overall"], _beside(column, "incidents")
    counts = f"{found['incidents_newer']} in the last 12 months, {found['incidents_older']} before"
    if found["trend"] is None:
        return Cell("no trend without watching effort", counts, href)
    return Cell(TRENDS[found["trend"]], counts, href)


def _four_cells(column: Column) -> Cell:
    reading = column.card["violations"]["reading"]
    return Cell(READINGS.get(reading, "not judged yet"))


READINGS = {
    "high_falling": "index high, incidents falling",
    "high_rising": "index high, incidents rising",
    "low_falling": "index low, incidents falling",
    "low_rising": "index low, incidents rising",
    "no_clear_trend": "no clear trend",
    "index_not_available": "index not available",
    "no_effort": "no trend without watching effort",
}


def _categories(columns: Sequence[Column]) -> list[Line]:
    """One line for each category that any column has; by standard of proof."""
    found = [
        {one["category"]: one["counts"] for one in column.card["violations"]["categories"]}
        for column in columns
    ]
    order = [str(code) for code in CODES["violation_categories"].values()]
    named = sorted({code for counts in found for code in counts}, key=order.index)
    return [
        Line(
            _category(code),
            [
                _counted(column, counts.get(code))
                for column, counts in zip(columns, found, strict=True)
            ],
        )
        for code in named
    ]


def _counted(column: Column, counts: Mapping[str, int] | None) -> Cell:
    if not counts:
        return Cell("none recorded")
    words = CODES["incident_standards"]
    told = ", ".join(f"{n} {words.label(code).lower()}" for code, n in counts.items() if n)
    return Cell(told, href=_beside(column, "incidents"))


def _category(code: str) -> str:
    return CODES["violation_categories"].label(code)


# --- Conditions -----------------------------------------------------------------------------------


def _conditions(columns: Sequence[Column]) -> list[Line]:
    bundles = [(f"{name}, points to 50", _bundle(code)) for code, name in BUNDLES.items()]
    return _lines(columns, [("Score", _score), *bundles, ("Blocked", _blocked)])


def _score(column: Column) -> Cell:
    factors, href = column.factors, column.evidence("success-factors")
    if factors["score"] is None:
        return Cell("not scored yet", href=href)
    span = f"{one_decimal(factors['low'])} – {one_decimal(factors['high'])} of 100"
    if not factors["facts"]:
        return Cell(mark="too-little", under=span, href=href)
    direction = factors["direction"] or "no clear direction yet"
    words = "blocked" if factors["blockers"] else direction
    return Cell(one_decimal(factors["score"]), f"{span}; {words}; {factors['facts']} facts", href)


def _bundle(code: str) -> Callable[[Column], Cell]:
    def cell(column: Column) -> Cell:
        found = column.factors["bundles"].get(code)
        href = column.evidence("success-factors", bundle=code)
        if found is None:
            return Cell("not scored yet", href=href)
        if not any(
            row["bundle"] == code and row["evidence_count"] for row in column.factors["factors"]
        ):
            return Cell("nothing known yet", href=href)
        return Cell(signed(found["contribution"]), href=href)

    return cell


def _blocked(column: Column) -> Cell:
    reasons = [CODES["blocker_reasons"].label(one["reason"]) for one in column.factors["blockers"]]
    return Cell("; ".join(reasons).lower() or "no")
