"""The evidence behind one number of a dossier, with the sum laid out so that anyone can redo it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.access import Viewer
from engagements.models import Dossier
from engagements.selectors import scores
from engagements.selectors.dossier_page import CRITERIA, FACTORS, age_words
from engagements.selectors.places import places_of
from scorecards.charts.conditions import BUNDLES
from scorecards.models import RatingEvidence, WeightSet
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS
from scorecards.services.weights import method_of

# The address of each list, and what it can be cut to.
KINDS: Mapping[str, tuple[str, ...]] = {
    "scorecard": ("criterion", "dimension"),
    "success-factors": ("factor", "bundle", "hypothesis"),
}
_DIMENSIONS = {
    "doctrine": "Doctrine",
    "training": "Training",
    "equipment": "Equipment",
    "sanctions": "Sanctions",
    "programme": "The group's own programme",
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One dimension or factor: its rows and its sum. `figures` by the names of the method."""

    code: str
    name: str
    rows: list[Row]
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """`whole`: nothing was cut away; `points`: what the factors shown add to 50 together."""

    parts: list[Part]
    answer: Mapping[str, Any]
    chosen: str
    whole: bool
    points: float

    @property
    def score(self) -> float:
        return 50 + self.points


def evidence_page(
    viewer: Viewer,
    dossier: Dossier,
    kind: str,
    chosen: Mapping[str, str],
    as_of: date | None = None,
) -> EvidencePage | None:
    """The rows asked for (all without a choice), of what is published or as of a day; None for a
    criterion or factor not known. Raises ValidationError for a day not the viewer's to ask for.
    """
    build = _card_page if kind == "scorecard" else _factors_page
    return build(viewer, dossier, chosen, as_of)


def _card_page(
    viewer: Viewer, dossier: Dossier, chosen: Mapping[str, str], as_of: date | None
) -> EvidencePage | None:
    if (names := _card_names(chosen)) is None:
        return None
    answer = scores.evidence_json(viewer, dossier, SCORECARD, as_of=as_of)
    parts = _card_parts(_with_places(viewer, dossier, answer["results"]), names)
    return EvidencePage(parts, answer, _chosen_words(chosen), not chosen, 0.0)


def _factors_page(
    viewer: Viewer, dossier: Dossier, chosen: Mapping[str, str], as_of: date | None
) -> EvidencePage | None:
    if (names := _factor_names(chosen)) is None:
        return None
    answer = scores.evidence_json(viewer, dossier, SUCCESS_FACTORS, as_of=as_of)
    parts = _factor_parts(_with_places(viewer, dossier, answer["results"]), names, answer)
    points = math.fsum(part.figures["contribution"] for part in parts)
    return EvidencePage(parts, answer, _chosen_words(chosen), not chosen, points)


def _chosen_words(chosen: Mapping[str, str]) -> str:
    code = next(iter(chosen.values()), "")
    if code in CRITERIA:
        return CRITERIA[code].label()
    if code in FACTORS:
        return FACTORS[code].label()
    return _DIMENSIONS.get(code) or BUNDLES.get(code) or code


def _with_places(viewer: Viewer, dossier: Dossier, rows: Iterable[Row]) -> list[Row]:
    """Rows with the pages behind them as `places`, instead of the API's addresses."""
    rows = _with_records(list(rows))
    keys = {(one["kind"], one["id"]) for row in rows for one in _sources(row)}
    places = places_of(viewer, keys, dossier)
    return [
        row
        | {
            "places": [places[(one["kind"], one["id"])] for one in _sources(row)],
            "age": age_words(row.get("age_months")),
        }
        for row in rows
    ]


def _with_records(rows: list[Row]) -> list[Row]:
    """The ratings among the rows with the records that each rests on: its r comes from them."""
    assessments = {row["source"]["id"] for row in rows if "criterion" in row and row.get("source")}
    links: dict[tuple[str, str], list[dict[str, str]]] = {}
    linked = RatingEvidence.objects.filter(rating__assessment__in=assessments)
    named = ("rating__assessment", "rating__criterion", "kind", "record")
    for assessment, criterion, kind, record in linked.values_list(*named) if assessments else ():
        links.setdefault((str(assessment), criterion), []).append({"kind": kind, "id": str(record)})
    return [
        row | {"rests_on": links.get((row["source"]["id"], row["criterion"]), [])}
        if "criterion" in row and row.get("source")
        else row
        for row in rows
    ]


def _sources(row: Row) -> list[dict[str, str]]:
    own = [row["source"]] if row.get("source") else []
    if row.get("records"):
        return list(row["records"])
    return [*own, *row.get("rests_on", ())]


# --- The scorecard: one part per dimension --------------------------------------------------------


def _card_names(chosen: Mapping[str, str]) -> dict[str, str] | None:
    """Criterion -> dimension, of what was asked for."""
    named = {str(entry.code): str(entry.extra["dimension"]) for entry in CRITERIA}
    if "criterion" in chosen:
        code = chosen["criterion"]
        return {code: named[code]} if code in named else None
    if "dimension" in chosen:
        wanted = chosen["dimension"]
        return {c: d for c, d in named.items() if d == wanted} or None
    return named


def _card_parts(rows: Iterable[Row], names: Mapping[str, str]) -> list[Part]:
    by_dimension: dict[str, list[Row]] = {dimension: [] for dimension in names.values()}
    for row in rows:
        if row["criterion"] in names:
            by_dimension[row["dimension"]].append(_criterion_row(row))
    return [
        Part(code, _DIMENSIONS[code], found, _card_figures(found))
        for code, found in by_dimension.items()
    ]


def _criterion_row(row: Row) -> Row:
    entry = CRITERIA[row["criterion"]]
    rating = row.get("rating")
    known = row.get("weight_sum") if row.get("grouped") else row["weight"] * row["q"]
    share = row.get("mean") if row.get("grouped") else _share(rating)
    return row | {
        "name": entry.label(),
        "words": entry.extra["anchors"][rating] if _is_number(rating) else "",
        "known": known,
        "share": share,
        "said": (known or 0) * (share or 0),
    }


def _share(rating: Any) -> float | None:
    return rating / 4 if _is_number(rating) else None


def _is_number(rating: Any) -> bool:
    return isinstance(rating, int)


def _card_figures(rows: list[Row]) -> dict[str, Any]:
    """R = sum(w q s) / sum(w q), Q = sum(w q) / sum(w), range [QR, QR + 1 - Q] (2.3)."""
    said = math.fsum(row["said"] for row in rows)
    known = math.fsum(row["known"] or 0 for row in rows)
    asked = math.fsum(row["weight"] for row in rows)
    coverage = known / asked if asked else 0.0
    low = said / asked if asked else 0.0
    return {
        "said": said,
        "known": known,
        "asked": asked,
        "value": said / known if known else None,
        "coverage": coverage,
        "low": low,
        "high": min(low + 1 - coverage, 1.0),
        "half_life": next((row["half_life"] for row in rows if "half_life" in row), None),
    }


# --- Success factors: one part per factor ---------------------------------------------------------


def _factor_names(chosen: Mapping[str, str]) -> list[str] | None:
    codes = [str(entry.code) for entry in FACTORS]
    if "factor" in chosen:
        return [chosen["factor"]] if chosen["factor"] in codes else None
    if "bundle" in chosen:
        bundle = chosen["bundle"]
        return [c for c in codes if FACTORS[c].extra["bundle"] == bundle] or None
    if "hypothesis" in chosen:
        code = chosen["hypothesis"]
        return [c for c in codes if code in FACTORS[c].extra["hypotheses"]] or None
    return codes


def _factor_parts(
    rows: Iterable[Row], names: Iterable[str], answer: Mapping[str, Any]
) -> list[Part]:
    weight_set = WeightSet.objects.get(pk=answer["method"]["id"])
    rules = method_of(weight_set).conduciveness
    by_factor: dict[str, list[Row]] = {code: [] for code in names}
    for row in rows:
        if row["factor"] in by_factor:
            by_factor[row["factor"]].append(_factor_row(row))
    return [
        Part(
            code,
            FACTORS[code].label(),
            found,
            _factor_figures(found, rules.kappa, rules.omega[code])
            | {"asks": FACTORS[code].extra["question"], "fed_by": FACTORS[code].extra["fed_by"]},
        )
        for code, found in by_factor.items()
    ]


def _factor_row(row: Row) -> Row:
    weight = row["weight_sum"] if row.get("grouped") else row["w"]
    u = row["mean"] if row.get("grouped") else row["u"]
    return row | {
        "weight": weight,
        "share": u,
        "said": weight * (u or 0),
        "reckoned": _basis_words(row.get("basis") or {}) if row["kind"] == "computed" else [],
    }


def _basis_words(basis: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a computed factor was reckoned from, name by name."""
    return [(name.replace("_", " "), _written(value)) for name, value in basis.items()]


def _written(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(_written(one) for one in value) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_written(one)}" for key, one in value.items())
    return str(value)


def _factor_figures(rows: list[Row], kappa: float, omega: float) -> dict[str, Any]:
    """a = kappa/2 + sum(w u), b = kappa/2 + sum(w (1 - u)); m = a/(a+b); c = 100 omega (m - .5)."""
    said = math.fsum(row["said"] for row in rows)
    weight = math.fsum(row["weight"] for row in rows)
    a, b = kappa / 2 + said, kappa / 2 + weight - said
    mean = a / (a + b)
    return {
        "said": said,
        "against": weight - said,
        "weight": weight,
        "half_kappa": kappa / 2,
        "a": a,
        "b": b,
        "mean": mean,
        "sd": math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1))),
        "omega": omega,
        "contribution": 100 * omega * (mean - 0.5),
    }
