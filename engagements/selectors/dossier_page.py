"""What the page of one dossier shows: both sides of the card, conditions, what moved them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.access import Viewer
from engagements import access
from engagements.details import CODES
from engagements.models import Commitment, Dossier
from engagements.selectors import scores
from engagements.selectors.assessed import rating_facts
from engagements.selectors.because import Change, changes_of
from engagements.selectors.blockers import Blockers, blockers_of
from engagements.selectors.places import as_shown
from engagements.selectors.timeline import dossier_marks, restated, score_line
from engagements.selectors.validity import card_validity
from records.codes import load
from scorecards.models import Publication, ScoreSnapshot
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.integration import CriterionRow, integration
from scorecards.services.weights import active_weight_set, method_of

CRITERIA = load("scorecards", "criteria.toml")["criteria"]
FACTORS = load("scorecards", "factors.toml")["factors"]
FACTOR_NAMES = {str(entry.code): entry.label() for entry in FACTORS}
PUBLICATIONS_READ = 24
SPARK_LENGTH = 8
MOST_CHANGES = 6
OPEN_QUESTIONS = 5
CRITERIA_AMONG_THEM = 2


@dataclass(frozen=True, slots=True)
class Scores:
    """Both scores at the viewer's clearance, as published, and what stands around them."""

    card: dict[str, Any]
    factors: dict[str, Any]
    state: str
    error: str
    shown_at: datetime | None
    sparks: Mapping[str, list[float]]
    newest: Mapping[str, str]
    changes: list[Change]
    questions: list[Question]
    blockers: Blockers
    commitments: list[Commitment]
    badge: str
    validity: tuple[str, str]

    @property
    def is_stale(self) -> bool:
        return self.state != scores.CURRENT

    @property
    def at(self) -> str:
        """When the score that is shown was computed: the hour today, else the day."""
        if self.shown_at is None:
            return ""
        today = self.shown_at.date() == timezone.localdate()
        return f"{self.shown_at:%H:%M}" if today else f"{self.shown_at:%Y-%m-%d}"

    @property
    def reason(self) -> str:
        if " " in self.error:  # a sentence already
            return f"{self.error[0].lower()}{self.error[1:]}"
        return f"three tries ended with an error ({self.error})." if self.error else ""

    @property
    def tension(self) -> Mapping[str, float] | None:
        """Newness against structure, once something is known of either."""
        known = {row["factor"] for row in self.factors["factors"] if row["evidence_count"]}
        return self.factors["tension"] if {"GR10", "GR6"} & known else None


@dataclass(frozen=True, slots=True)
class Question:
    """Something whose answer would tell most: a factor or criterion known little."""

    code: str
    name: str
    asks: str
    known: str
    query: str


def scores_of(viewer: Viewer, dossier: Dossier) -> Scores:
    """Everything on the page that a recompute may change; a constant number of queries."""
    card, factors = scores.both_json(viewer, dossier)
    failed = scores.failed_of([dossier]) if factors["state"] == scores.FAILED else {}
    published = _published(dossier, factors["clearance"])
    bound = access.commitments_visible_to(viewer).filter(dossiers=dossier)
    commitments = as_shown(viewer, bound, "signed_on")
    return Scores(
        card=card,
        factors=factors,
        state=factors["state"],
        error=failed.get(str(dossier.pk), ""),
        shown_at=_moment(factors["computed_at"]),
        sparks=_sparks(dossier, [row for row in published if row.kind == SUCCESS_FACTORS]),
        newest={row["factor"]: age_words(row["newest_age"]) for row in factors["factors"]},
        changes=changes_of(viewer, dossier, published)[:MOST_CHANGES],
        questions=open_questions(dossier, factors),
        blockers=blockers_of(viewer, dossier, factors),
        commitments=[row for row in commitments if row.state == "current"],
        badge=badge_words(card["commitment"]),
        validity=card_validity(dossier.engagement.armed_group.structure),
    )


def timeline_of(
    viewer: Viewer, dossier: Dossier, stages: Iterable[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Marks (with those of the ladder), score line and right-hand end of the time axis."""
    clearance = scores.clearance_for(viewer, dossier)
    return {
        "marks": [*dossier_marks(viewer, dossier), *stages],
        "score": score_line(dossier, clearance),
        "as_of": timezone.localdate(),
    }


def open_questions(dossier: Dossier, factors: Mapping[str, Any]) -> list[Question]:
    """The five questions whose answers would tell us most (a rule of thumb, not of the method).

    Two criteria of the dimension that is known least, then the factors that add most to the
    spread of the score: weight times spread.
    """
    criteria = _least_known_criteria(dossier, factors["clearance"])[:CRITERIA_AMONG_THEM]
    spread = sorted(factors["factors"], key=lambda row: -row["weight"] * row["sd"])
    wanted = [_factor_question(row) for row in spread if row["weight"]]
    return [*criteria, *wanted][:OPEN_QUESTIONS]


def _factor_question(row: Mapping[str, Any]) -> Question:
    entry = FACTORS[row["factor"]]
    count = row["evidence_count"]
    known = f"{count} fact{'' if count == 1 else 's'}" if count else "no facts yet"
    age = age_words(row["newest_age"])
    return Question(
        str(entry.code),
        entry.label(),
        entry.extra["question"],
        f"{known}, newest {age}" if age and count else known,
        f"success-factors/?factor={entry.code}",
    )


def _least_known_criteria(dossier: Dossier, clearance: int) -> list[Question]:
    facts = DossierFacts(norm=dossier.norm, ratings=tuple(rating_facts(dossier)))
    method = method_of(active_weight_set())
    card = integration(facts.at_clearance(clearance), timezone.localdate(), method)
    least = min(card.dimensions, key=lambda code: card.dimensions[code].coverage)
    rows = [row for row in card.evidence if row["dimension"] == least and row["weight"]]
    rows.sort(key=lambda row: row["q"])
    return [_criterion_question(row) for row in rows if row["q"] < 1]


def _criterion_question(row: CriterionRow) -> Question:
    entry = CRITERIA[row["criterion"]]
    known = "not assessed"
    if row["state"] == "counted" and row["age_months"] is not None:
        known = f"rated {row['rating']}, {age_words(row['age_months'])} ago"
    query = f"scorecard/?criterion={entry.code}"
    return Question(str(entry.code), entry.label(), entry.extra["question"], known, query)


def age_words(months: float | None) -> str:
    """An age as people say it: "12 days", "3 months", "2 years"; empty for none."""
    if months is None:
        return ""
    if months < 2:
        days = round(months * 30.4375)
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{months:.0f} months" if months < 24 else f"{months / 12:.0f} years"


def badge_words(commitment: Mapping[str, Any]) -> str:
    words = CODES["commitment_badges"].label(commitment["badge"])
    if commitment["verification"] is None:
        return words
    how = CODES["verification"].label(commitment["verification"])
    return f"{words}; {how[0].lower()}{how[1:]} ({commitment['verification']})"


def _published(dossier: Dossier, clearance: int) -> list[Publication]:
    rows = Publication.objects.filter(dossier=dossier, clearance=clearance)
    newest = rows.select_related("snapshot").order_by("-published_at", "-pk")
    return list(newest[:PUBLICATIONS_READ])


def _sparks(dossier: Dossier, published: Sequence[Publication]) -> dict[str, list[float]]:
    """Each factor's means by day, oldest first, under the newest score's weight set alone: as they
    were published, or as they were computed again by it.
    """
    if not published:
        return {}
    newest = published[0]
    by_day: dict[date, ScoreSnapshot] = {}
    for row in published:
        if row.snapshot.weight_set_id == newest.snapshot.weight_set_id:
            by_day.setdefault(row.snapshot.as_of, row.snapshot)
    for again in restated(dossier, newest.clearance, newest.snapshot.weight_set_id)[:SPARK_LENGTH]:
        by_day.setdefault(again.day, again.snapshot)
    sparks: dict[str, list[float]] = {}
    for day in sorted(by_day)[-SPARK_LENGTH:]:
        for factor in by_day[day].result["factors"]:
            sparks.setdefault(factor["factor"], []).append(factor["mean"])
    return sparks


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


__all__ = ["SCORECARD", "SUCCESS_FACTORS", "Scores", "scores_of", "timeline_of"]
