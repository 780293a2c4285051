"""The page of sensitivity: does each conclusion hold, in words, and what was turned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.access import Viewer
from engagements.models import Dossier
from engagements.selectors.dossier_page import CRITERIA, FACTOR_NAMES
from engagements.selectors.scores import reading_of
from engagements.selectors.sensitivity import turned
from scorecards.charts import Band, TornadoRow, band, tornado
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS

_DIRECTIONS = {
    "favourable": "favourable",
    "unfavourable": "unfavourable",
    None: "no clear direction yet",
}
_READINGS = {"high": "high", "low": "low", "not_available": "not available"}
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
    holds: bool
    word: str
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
    return [
        (SUCCESS_FACTORS, _success_page(turned(read, SUCCESS_FACTORS), dossier)),
        (SCORECARD, _card_page(turned(read, SCORECARD), dossier)),
    ]


def _success_page(answer: dict[str, Any], dossier: Dossier) -> Turned:
    base = answer["base"]
    evidence = reverse("evidence", args=[dossier.pk, "success-factors"]) + "?factor"
    left_out = [
        {"key": row["factor"], "effect": row["effect"], "outcome": row["score"],
         "word": row["direction"]}
        for row in answer["leave_one_out"]
    ]  # fmt: skip
    groups = [
        _group(name, answer[name], "score", "direction", _DIRECTIONS, base["direction"])
        for name in ("kappa", "half_lives", "rho")
    ]
    word = _DIRECTIONS[base["direction"]]
    return Turned(
        answer=answer,
        holds=answer["conclusion"]["holds"],
        word=word,
        sentence=_sentence(answer, word, FACTOR_NAMES),
        tornado=tornado(left_out, base["direction"], FACTOR_NAMES, evidence),
        band=_band(answer, base["score"]),
        groups=[one for one in groups if one.rows],
    )


def _card_page(answer: dict[str, Any], dossier: Dossier) -> Turned:
    base = answer["base"]
    evidence = reverse("evidence", args=[dossier.pk, "scorecard"]) + "?criterion"
    names = {str(entry.code): f"{entry.code} {entry.label()}" for entry in CRITERIA}
    left_out = [
        {"key": row["criterion"], "effect": row["effect"], "outcome": row["index"],
         "word": row["reading"]}
        for row in answer["leave_one_out"]
    ]  # fmt: skip
    groups = [
        _group(name, answer[name], "index", "reading", _READINGS, base["reading"])
        for name in ("half_lives", "slack")
    ]
    word = _READINGS[base["reading"]]
    return Turned(
        answer=answer,
        holds=answer["conclusion"]["holds"],
        word=word,
        sentence=_sentence(answer, word, names),
        tornado=tornado(left_out, base["reading"], names, evidence),
        band=_band(answer, base["index"]),
        groups=[one for one in groups if one.rows],
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


def _group(
    name: str,
    variants: Iterable[Mapping[str, Any]],
    figure: str,
    word: str,
    words: Mapping[str | None, str] | Mapping[str, str],
    said: str | None,
) -> Group:
    title, explained = _EXPLAINED[name]
    rows = [
        Line(
            value=f"{'× ' if name == 'half_lives' else ''}{one['value']:g}"
            + (", in force" if one["in_force"] else ""),
            outcome=_one(one[figure]),
            sd=_one(one.get("sd")),
            span=_span(one),
            word=dict(words)[one[word]],
            changes=one[word] != said,
        )
        for one in variants
    ]
    return Group(title, explained, rows)


def _span(one: Mapping[str, Any]) -> str:
    low, high = ("low", "high") if "low" in one else ("index_low", "index_high")
    return f"{one[low]:.1f} – {one[high]:.1f}"


def _one(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _band(answer: Mapping[str, Any], value: float | None) -> Band | None:
    drawn = answer["weights"]
    return band(drawn["p5"], drawn["p95"], value) if drawn else None
