"""What waits to be looked at again, and why: on the dossier, and on the home page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from accounts.access import Viewer
from engagements.access import review_tasks_visible_to
from engagements.details import CODES
from engagements.models import Dossier
from engagements.selectors.assessed import rating_facts
from records.codes import load
from records.models.records import CURRENT
from scorecards.models import ReviewTask
from scorecards.models.reviews import CODES as REVIEW_CODES
from scorecards.models.reviews import OPEN
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.method import CORE
from scorecards.scoring.setbacks import NEIGHBOURS, Setback, setbacks_at
from scorecards.services.setbacks import SETBACK
from scorecards.services.weights import active_weight_set, method_of

MOST_REVIEWS = 20
CRITERIA = load("scorecards", "criteria.toml")["criteria"]
FACTORS = load("scorecards", "factors.toml")["factors"]
NO_LONGER = "The fall no longer shows: the assessment behind it was corrected or withdrawn."


@dataclass(frozen=True, slots=True)
class Waiting:
    """One task on the home page: what to look at, and where."""

    title: str
    href: str
    dossier: Dossier

    @property
    def topic(self) -> str:
        return CODES["norms"].label(self.dossier.norm)


@dataclass(frozen=True, slots=True)
class Fallen:
    """What fell with one assessment, and the tasks that it opened: (dimension, address)."""

    words: str
    look_at: list[tuple[str, str]]


def reviews_waiting(viewer: Viewer, *, of: Q) -> list[Waiting]:
    """Open tasks that the viewer may close, the oldest first."""
    rows = review_tasks_visible_to(viewer, verb="u").filter(of, progress=OPEN, state=CURRENT)
    rows = rows.select_related("dossier__engagement__armed_group", "dossier__engagement__ngo")
    return [
        Waiting(title_of(row), address_of(row), row.dossier)
        for row in rows.defer("note").order_by("opened_on", "pk")[:MOST_REVIEWS]
    ]


def setbacks_of(viewer: Viewer, dossier: Dossier) -> list[Fallen]:
    """The open setbacks of a dossier, those of one assessment together."""
    rows = review_tasks_visible_to(viewer).filter(
        dossier=dossier, reason=SETBACK, progress=OPEN, state=CURRENT
    )
    together: dict[tuple[int, UUID], list[ReviewTask]] = {}
    for row in rows.defer("note").order_by("opened_on", "pk"):
        together.setdefault((row.level, row.because_record), []).append(row)
    facts = _ratings(dossier) if together else DossierFacts(norm=dossier.norm)
    return [
        Fallen(
            why(_falls(facts, level, assessment)),
            [(dimension_words(row.subject), address_of(row)) for row in _in_card_order(tasks)],
        )
        for (level, assessment), tasks in together.items()
    ]


def _in_card_order(tasks: Iterable[ReviewTask]) -> list[ReviewTask]:
    return sorted(tasks, key=lambda row: CORE.index(row.subject))


def falls_behind(task: ReviewTask) -> list[Setback]:
    """The falls that opened a setback's task, as its level shows them; none once they are gone."""
    found = _falls(_ratings(task.dossier), task.level, task.because_record)
    return [one for one in found if task.subject in NEIGHBOURS[one.dimension]]


def why(falls: Iterable[Setback]) -> str:
    """ "Training fell from 0.62 to 0.40" """
    told = [
        f"{dimension_words(one.dimension)} fell from {one.before:.2f} to {one.after:.2f}"
        for one in falls
    ]
    return "; ".join(told) if told else NO_LONGER


def title_of(task: ReviewTask) -> str:
    if task.reason == SETBACK:
        return f"Look at {dimension_words(task.subject).lower()} again"
    listed = CRITERIA if task.subject in CRITERIA else FACTORS
    return f"Two raters are far apart: {listed.label(task.subject)}"


def address_of(task: ReviewTask) -> str:
    return reverse("review" if task.reason == SETBACK else "reconcile", args=[task.pk])


def dimension_words(code: str) -> str:
    return REVIEW_CODES["dimensions"].label(code)


def _ratings(dossier: Dossier) -> DossierFacts:
    return DossierFacts(norm=dossier.norm, ratings=tuple(rating_facts(dossier)))


def _falls(facts: DossierFacts, level: int, assessment: UUID) -> tuple[Setback, ...]:
    method = method_of(active_weight_set())
    return setbacks_at(facts.at_clearance(level), str(assessment), method)
