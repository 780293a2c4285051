"""The right side of a dossier: what happened, how much was watched, and what both say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import Viewer, coarse_contexts
from actors.models.reference import CODES as ACTOR_CODES
from engagements import access
from engagements.details import CODES
from engagements.models import Dossier, Incident
from engagements.selectors.facts import (
    incident_facts,
    incidents_beside,
    observation_facts,
    state_facts,
)
from engagements.selectors.places import is_coarse, page_of, shown_date
from records.dates import PartialDate
from scorecards.models import Standing
from scorecards.scoring.factors import low_intensity
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.violations import Periods
from scorecards.services.weights import active_weight_set, method_of
from scorecards.violations import panel_for

CATEGORIES = CODES["violation_categories"]
TRENDS = {
    "falling": "falling, probability {:.2f}",
    "rising": "rising, probability {:.2f}",
    "no_clear_trend": "no clear trend, probability {:.2f} that it fell",
}
# What the index and the rate say together (section 2.7): in words, never as a sum.
READINGS = {
    "high_falling": "Much is built in, and the rate falls.",
    "high_rising": "Much is built in, yet the rate rises: ask what the card does not see.",
    "low_falling": "Little is built in, yet the rate falls: look for another cause.",
    "low_rising": "Little is built in, and the rate rises.",
    "no_clear_trend": "The rate shows no clear trend, so the index is not read beside it.",
    "index_not_available": "There is a trend and no index, so the two are not read together.",
    "no_effort": "No trend: nobody recorded how much was watched{}.",
}
GRID = (
    (
        "Index 50 or more",
        ("high_falling", "much built in, fewer reports"),
        ("high_rising", "much built in, more reports"),
    ),
    (
        "Index below 50",
        ("low_falling", "little built in, fewer reports"),
        ("low_rising", "little built in, more reports"),
    ),
)


@dataclass(frozen=True, slots=True)
class Trend:
    """One category, or all together: its numbers and its trend in words."""

    name: str
    words: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Intensity:
    """The class of conflict intensity in force, with the day or month that it is known for."""

    words: str
    since: PartialDate | None


@dataclass(frozen=True, slots=True)
class Side:
    """Everything on the page's right side. `grid` is None where there is no cell to stand in."""

    pattern: list[str]
    overall: Trend
    trends: list[Trend]
    compared: tuple[str, str] | None
    reading: str
    grid: list[tuple[str, list[tuple[str, bool]]]] | None
    intensity: Intensity | None
    incidents: list[dict[str, Any]]
    effort: Mapping[date, float]
    picked: bool
    has_trend: bool


def violations_side(
    viewer: Viewer, dossier: Dossier, card: Mapping[str, Any], picked: Periods | None = None
) -> Side:
    """As the card was published, or compared anew in the periods that the reader picked."""
    panel = _in_periods(viewer, dossier, card, picked) if picked else card["violations"]
    reading = panel["reading"]
    return Side(
        pattern=[_pattern_words(sign) for sign in panel["pattern_in"]],
        overall=Trend("All together", trend_words(panel["overall"], panel["effort"])),
        trends=[_trend(one, panel["effort"], dossier) for one in panel["categories"]],
        compared=_compared(panel["periods"]),
        reading=_reading_words(reading, panel["effort"]),
        grid=_grid(reading) if reading in {cell for _, *row in GRID for cell, _ in row} else None,
        intensity=_intensity(dossier, card),
        incidents=_incidents(viewer, dossier),
        effort={
            date.fromisoformat(f"{one['quarter']}-01"): one["location_months"]
            for one in panel["effort"]["quarters"]
        },
        picked=picked is not None,
        has_trend=panel["overall"]["trend"] is not None,
    )


def first_quarter(card: Mapping[str, Any]) -> date | None:
    """The earliest quarter in which something happened or was watched, as far as the card says."""
    panel = card["violations"]
    counted = [quarter for one in panel["categories"] for quarter in one.get("quarters", ())]
    told = [one["quarter"] for one in (*counted, *panel["effort"]["quarters"])]
    return date.fromisoformat(f"{min(told)}-01") if told else None


def trend_words(found: Mapping[str, Any], effort: Mapping[str, Any]) -> str:
    """ "2 in 20 location-months, before 6 in 24: falling, probability 0.88" """
    newer = _share(found["incidents_newer"], effort["newer"], " location-months")
    older = _share(found["incidents_older"], effort["older"], "")
    trend, lower = found["trend"], found["probability_lower"]
    if trend is None:
        return f"{newer}, before {older}"
    sure = 1 - lower if trend == "rising" else lower
    return f"{newer}, before {older}: {TRENDS[trend].format(sure)}"


def _share(incidents: int, effort: float, unit: str) -> str:
    return f"{incidents} in {effort:g}{unit}" if effort else f"{incidents}, watching not recorded"


def _trend(one: Mapping[str, Any], effort: Mapping[str, Any], dossier: Dossier) -> Trend:
    words = trend_words(one, effort) if "trend" in one else ""
    return Trend(CATEGORIES.label(one["category"]), words, f"&category={one['category']}")


def _pattern_words(sign: Mapping[str, Any]) -> str:
    """What makes the pattern, in words: how many of one category, or that it was ordered."""
    name, ordered = CATEGORIES.label(sign["category"]).lower(), sign["ordered"]
    number = sign["incidents"]
    words = f"{number} credible or verified {'report' if number == 1 else 'reports'} of {name}"
    return f"{words}, {ordered} of them ordered from above" if ordered else words


def _compared(periods: Mapping[str, Any] | None) -> tuple[str, str] | None:
    if periods is None:
        return None
    older, newer = (f"{one['from']} to {one['to']}" for one in (periods["older"], periods["newer"]))
    return older, newer


def _reading_words(reading: str | None, effort: Mapping[str, Any]) -> str:
    """The words name the period that lacks effort, where it is one of the two."""
    lacking = [name for name in ("older", "newer") if not effort[name]]
    period = f" in the {lacking[0]} period" if len(lacking) == 1 else ""
    return READINGS[reading].format(period) if reading else ""


def _grid(reading: str) -> list[tuple[str, list[tuple[str, bool]]]]:
    return [(name, [(words, cell == reading) for cell, words in cells]) for name, *cells in GRID]


def _in_periods(
    viewer: Viewer, dossier: Dossier, card: Mapping[str, Any], periods: Periods
) -> dict[str, Any]:
    facts = DossierFacts(
        norm=dossier.norm,
        incidents=tuple(incident_facts(dossier)),
        observations=tuple(observation_facts(dossier)),
    )
    published = Standing.objects.filter(dossier=dossier, clearance=card["clearance"])
    indexes = published.values_list("scorecard__value", flat=True)  # unrounded, unlike the card's
    return panel_for(
        facts.at_clearance(card["clearance"]),
        _as_of(card),
        indexes[0],
        periods,
        coarse=dossier.context_id in coarse_contexts(viewer, "incident"),
    )


def _as_of(card: Mapping[str, Any]) -> date:
    return date.fromisoformat(card["as_of"]) if card["as_of"] else timezone.localdate()


def _intensity(dossier: Dossier, card: Mapping[str, Any]) -> Intensity | None:
    """What factor EN1 reads, so that page and score never name two classes."""
    facts = DossierFacts(norm=dossier.norm, states=tuple(state_facts(dossier.engagement)))
    method = method_of(active_weight_set())
    found = low_intensity(facts.at_clearance(card["clearance"]), _as_of(card), method)
    if found is None:
        return None
    return Intensity(ACTOR_CODES["intensity"].label(found.basis["value"]), found.observed_on)


def _incidents(viewer: Viewer, dossier: Dossier) -> list[dict[str, Any]]:
    ids = incidents_beside(dossier).values("pk")
    return incidents_drawn(viewer, access.incidents_visible_to(viewer).filter(pk__in=ids))


def incidents_drawn(viewer: Viewer, rows: QuerySet[Incident]) -> list[dict[str, Any]]:
    """As the chart takes them; where the reader is shown months, a date stands for its middle."""
    return [_as_drawn(viewer, row) for row in rows.defer("place_detail", "description", "source")]


def _as_drawn(viewer: Viewer, row: Any) -> dict[str, Any]:
    when = shown_date(row.occurred_on, coarse=is_coarse(viewer, row))
    return {
        "occurred_on": when.stands_for(timezone.localdate()) or when.first,
        "when": str(when),
        "category": CATEGORIES.label(row.category),
        "standard": row.standard,
        "attribution": CODES["attributions"].label(row.attribution),
        "response": CODES["group_responses"].label(row.response),
        "href": page_of("incident", row.pk),
    }
