"""Why a dossier's conditions moved between two days, for one reader (method, section 3.4).

The first side is what was published at the reader's clearance by the end of the first day; the
other side what is known of records entered by the end of the second. Nothing above the clearance
takes part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.access import Viewer, coarse_contexts
from engagements.models import Dossier
from engagements.selectors.entered import known_by
from engagements.selectors.facts import conditions_facts
from engagements.selectors.scores import clearance_for, end_of, history_of, is_end_of_month
from scorecards.models import Publication, ScoreSnapshot, WeightSet
from scorecards.models.snapshots import SUCCESS_FACTORS
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.movement import Movement, Standpoint, movement
from scorecards.services.weights import active_weight_set, method_of

A_MONTH = timedelta(days=30)
TO_COME = "The date lies in the future. Choose today or earlier."
TURNED = "The second day lies before the first. Choose the same day or a later one."
END_OF_MONTH = "You read by the month: choose the last day of one."
NOTHING_THEN = "Nothing was published by then: the first score is what was known then."


@dataclass(frozen=True, slots=True)
class Period:
    """From the end of one day to the end of another; `until` None is now."""

    since: date
    until: date | None = None

    @property
    def last(self) -> date:
        return self.until or timezone.localdate()

    @property
    def is_open(self) -> bool:
        """Whether it runs up to now: then everything that is known counts."""
        return self.last == timezone.localdate()


@dataclass(frozen=True)
class Split:
    """A move, its parts, and what they were worked out from (facts of the reader's clearance)."""

    viewer: Viewer
    dossier: Dossier
    clearance: int
    period: Period
    published: Publication | None
    entered_by: datetime
    sets: tuple[WeightSet, WeightSet]
    known_then: DossierFacts
    known_now: DossierFacts
    moved: Movement

    @property
    def is_coarse(self) -> bool:
        """The reader sees months, and nothing single of level 3 and up."""
        return is_coarse_here(self.viewer, self.dossier)

    @property
    def known_until(self) -> datetime:
        """By when records of the second side were entered: its last moment, today not yet over."""
        return end_of(self.period.last)

    @property
    def note(self) -> str:
        return "" if self.published else NOTHING_THEN


def split_of(
    viewer: Viewer, dossier: Dossier, period: Period, clearance: int | None = None
) -> Split:
    """The move over a period at a clearance (default: the viewer's own), worked out now.

    Raises Http404 without the right to scores, ValidationError by field for a clearance above
    one's own or days that make no period. Expects the engagement's armed group at hand.
    """
    at = clearance_for(viewer, dossier, clearance)
    _check(viewer, dossier, period)
    published = _published_by(dossier, at, period.since)
    entered_by = published.published_at if published else end_of(period.since)
    sets = _weight_sets(published)
    facts = conditions_facts(dossier, _until(period))
    known_now = facts.at_clearance(at)
    known_then = known_by(facts, dossier, entered_by).at_clearance(at)
    first = published.snapshot.as_of if published else period.since
    return Split(
        viewer=viewer,
        dossier=dossier,
        clearance=at,
        period=period,
        published=published,
        entered_by=entered_by,
        sets=sets,
        known_then=known_then,
        known_now=known_now,
        moved=movement(
            known_then,
            known_now,
            (first, period.last),
            (method_of(sets[0]), method_of(sets[1])),
            as_published(published.snapshot) if published else None,
        ),
    )


def since_default(viewer: Viewer, dossier: Dossier) -> date:
    """A month ago; for a reader of months the end of the last one."""
    today = timezone.localdate()
    if is_coarse_here(viewer, dossier):
        return today.replace(day=1) - timedelta(days=1)
    return today - A_MONTH


def is_coarse_here(viewer: Viewer, dossier: Dossier) -> bool:
    return dossier.context_id in coarse_contexts(viewer, "interaction")


def as_published(snapshot: ScoreSnapshot) -> Standpoint:
    """A stored score. Those from before contributions were stored have four decimals of each."""
    exact: dict[str, float] = snapshot.contributions or {
        row["factor"]: row["contribution"] for row in snapshot.result["factors"]
    }
    score = snapshot.value if snapshot.value is not None else snapshot.result["score"]
    return Standpoint(snapshot.as_of, score, exact)


def _check(viewer: Viewer, dossier: Dossier, period: Period) -> None:
    today, days = timezone.localdate(), {"since": period.since, "until": period.until}
    for name, day in days.items():
        if day is not None and day > today:
            raise ValidationError({name: TO_COME})
        whole = day is None or day == today or is_end_of_month(day)
        if is_coarse_here(viewer, dossier) and not whole:
            # Going from day to day, a reader of months would find the day of a fact.
            raise ValidationError({name: END_OF_MONTH})
    if period.last < period.since:
        raise ValidationError({"until": TURNED})


def _published_by(dossier: Dossier, clearance: int, day: date) -> Publication | None:
    rows = history_of(dossier, SUCCESS_FACTORS, clearance)
    return rows.filter(published_at__lte=end_of(day)).first()


def _until(period: Period) -> datetime | None:
    return None if period.is_open else end_of(period.last)


def _weight_sets(published: Publication | None) -> tuple[WeightSet, WeightSet]:
    """The set of the published score, and the one in force; the same object where they agree."""
    active = active_weight_set()
    then: Any = published.snapshot.weight_set if published else active
    return (active, active) if then.pk == active.pk else (then, active)
