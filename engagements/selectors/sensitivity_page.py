"""The page of sensitivity: does each conclusion hold, in words, and what was turned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.access import Viewer
from engagements.models import Dossier
from engagements.selectors.dossier_page import CRITERIA, FACTOR_NAMES
from engagements.selectors.scores import Reading, reading_of
from engagements.selectors.sensitivity import turned
from scorecards.charts import Band, TornadoRow, band, tornado
from scorecards.charts.places import one_decimal
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS

_DIRECTIONS: Mapping[str | None, str] = {
    "favourable": "favourable",
    "unfavourable": "unfavourable",
    None: "no clear direction yet",
}
_READINGS: Mapping[str | None, str] = {
    "high": "high",
    "low": "low",
    "not_available": "not available",
}
_TURNED = {
    "kappa": "at kappa {0:g}",
    "half_lives": "with half-lives × {0:g}",
    "rho": "at rho {0:g}",
    "slack": "at lambda {0:g}",
    "geometric": "multiplied up instead of added up",
    "arithmetic": "averaged instead of multiplied up",
}
_EXPLAINED = {
    "kappa": (
        "Prior strength, kappa",
        "How much evidence it takes to move a factor.",
    ),
    "half_lives": ("Half-lives", "How fast evidence fades: twice as fast, as it is, half as fast."),
    "rho": ("Dependence, rho", "How far factors rest on the same meetings: it widens the range."),
    "slack": ("Slack, lambda", "How far a dimension may run ahead of those it leans on; 1 is off."),
}
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Turned:
    """One score on the page: the conclusion in words, the tornado, the other judgements."""

    answer: dict[str, Any]
    sentence: str
    tornado: list[TornadoRow]
    band: Band | None
    groups: list[Group]


@dataclass(frozen=True, slots=True)
class Group:
    """One judgement and what the score is at each of its values."""

    name: str
    explained: str
    rows: list[Line]


@dataclass(frozen=True, slots=True)
class Line:
    """A value, what it gives, and the word; `changes`: the word is another than at present."""

    value: str
    outcome: str
    sd: str
    span: str
    word: str
    changes: bool


def sensitivity_page(viewer: Viewer, dossier: Dossier) -> list[tuple[str, Turned]]:
    """Success factors and scorecard as of today, from one reading of the facts."""
    read = reading_of(viewer, dossier, None, None)
    return [(kind, _shown(read, kind)) for kind in (SUCCESS_FACTORS, SCORECARD)]


@dataclass(frozen=True, slots=True)
class _Kind:
    """Under which names one score's answer says what the page shows."""

    evidence: str
    key: str
    figure: str
    word: str
    words: Mapping[str | None, str]
    names: Mapping[str, str]
    judgements: tuple[str, ...]


_KINDS = {
    SUCCESS_FACTORS: _Kind(
        "success-factors", "factor", "score", "direction", _DIRECTIONS, FACTOR_NAMES,
        ("kappa", "half_lives", "rho"),
    ),
    SCORECARD: _Kind(
        "scorecard", "criterion", "index", "reading", _READINGS,
        {str(entry.code): f"{entry.code} {entry.label()}" for entry in CRITERIA},
        ("half_lives", "slack"),
    ),
}  # fmt: skip


def _shown(read: Reading, kind: str) -> Turned:
    answer, of = turned(read, kind), _KINDS[kind]
    said = answer["base"][of.word]
    address = reverse("evidence", args=[read.dossier.pk, of.evidence])
    left_out = [
        {
            "key": row[of.key],
            "effect": row["effect"],
            "outcome": row[of.figure],
            "word": row[of.word],
        }
        for row in answer["leave_one_out"]
    ]
    return Turned(
        answer=answer,
        sentence=_sentence(answer, of.words[said], of.names),
        tornado=tornado(left_out, said, of.names, f"{address}?{of.key}"),
        band=_band(answer, answer["base"][of.figure]),
        groups=[_group(name, answer[name], of, said) for name in of.judgements if answer[name]],
    )


def _sentence(answer: Mapping[str, Any], word: str, names: Mapping[str, str]) -> str:
    """Does the conclusion hold? In one or two sentences, with what changes it."""
    said = _said(answer, word, names)
    if answer.get("blocked"):
        return f"Blocked, whatever is turned. Without the blocker: {said[0].lower()}{said[1:]}"
    return said


def _said(answer: Mapping[str, Any], word: str, names: Mapping[str, str]) -> str:
    drawn, changes = answer["weights"], answer["conclusion"]["changes"]
    same = f"in {_share_words(drawn)}" if drawn else ""
    if answer["conclusion"]["holds"]:
        if drawn is None:
            return "There is no index to turn: a dimension is known too little in every variant."
        return f"The conclusion holds: “{word}” stands whatever is turned, and {same}."
    if not changes:
        return f"The conclusion leans on the weights: “{word}” stands {same} only."
    told = [_change_words(one, names) for one in changes]
    listed = "; ".join(told[:MOST_NAMED])
    more = f"; and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
    also = f" It stands {same}." if same else ""
    return f"The conclusion does not hold throughout: “{word}” is lost {listed}{more}.{also}"


def _share_words(drawn: Mapping[str, Any]) -> str:
    return f"{1 - drawn['share_changed']:.0%} of {drawn['draws']} drawn sets of weights"


def _change_words(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if change["turned"] == "left_out":
        return f"without “{names.get(change['to'], change['to'])}”"
    return _TURNED[change["turned"]].format(change["to"])


def _group(name: str, variants: Iterable[Mapping[str, Any]], of: _Kind, said: str | None) -> Group:
    title, explained = _EXPLAINED[name]
    times = "× " if name == "half_lives" else ""
    rows = [
        Line(
            value=f"{times}{one['value']:g}{', in force' if one['in_force'] else ''}",
            outcome=one_decimal(one[of.figure]),
            sd=one_decimal(one.get("sd")),
            span=_span(one),
            word=of.words[one[of.word]],
            changes=one[of.word] != said,
        )
        for one in variants
    ]
    return Group(title, explained, rows)


def _span(one: Mapping[str, Any]) -> str:
    low, high = ("low", "high") if "low" in one else ("index_low", "index_high")
    return f"{one[low]:.1f} – {one[high]:.1f}"


def _band(answer: Mapping[str, Any], value: float | None) -> Band | None:
    drawn = answer["weights"]
    return band(drawn["p5"], drawn["p95"], value) if drawn else None
