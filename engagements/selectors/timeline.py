"""Everything of a dossier, or of an armed group, on one axis: marks, and the score line above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import Viewer
from engagements import access
from engagements.details import CODES
from engagements.models import Claim, Commitment, Dossier, FollowUp, Incident, Interaction
from engagements.selectors.facts import incidents_beside, interactions_feeding
from engagements.selectors.places import as_shown, is_coarse, page_of, shown_date
from records.dates import PartialDate
from records.models.records import CURRENT
from scorecards.charts import meeting_kind
from scorecards.models import Assessment, Publication, RestatedScore
from scorecards.models.snapshots import SUCCESS_FACTORS

MOST_MARKS = 1_000  # of one kind, the newest; a page that draws more serves nobody
MOST_STEPS = 400

Mark = dict[str, Any]


def dossier_marks(viewer: Viewer, dossier: Dossier) -> list[Mark]:
    """The dossier's meetings, promises, commitments, incidents and assessments; six queries."""
    meetings = access.interactions_visible_to(viewer).filter(
        pk__in=interactions_feeding(dossier).values("pk")
    )
    incidents = access.incidents_visible_to(viewer).filter(
        pk__in=incidents_beside(dossier).values("pk")
    )
    commitments = access.commitments_visible_to(viewer).filter(dossiers=dossier, state=CURRENT)
    assessments = access.assessments_visible_to(viewer).filter(
        dossier=dossier, stage="final", state=CURRENT
    )
    return [
        *_meeting_marks(viewer, meetings),
        *_promise_marks(viewer, meetings),
        *_commitment_marks(viewer, commitments),
        *incident_marks(viewer, incidents),
        *_assessment_marks(viewer, assessments),
    ]


def group_marks(viewer: Viewer, group: Any) -> list[Mark]:
    """What is recorded of the group by everybody whose records the viewer may see."""
    meetings = access.interactions_visible_to(viewer).filter(
        engagement__armed_group=group, state=CURRENT
    )
    commitments = access.commitments_visible_to(viewer).filter(
        dossiers__in=access.dossiers_visible_to(viewer).filter(engagement__armed_group=group),
        state=CURRENT,
    )
    incidents = access.incidents_visible_to(viewer).filter(armed_group=group, state=CURRENT)
    return [
        *_meeting_marks(viewer, meetings),
        *_promise_marks(viewer, meetings),
        *_commitment_marks(viewer, commitments.distinct()),
        *incident_marks(viewer, incidents),
    ]


def score_line(dossier: Dossier, clearance: int) -> list[dict[str, Any]]:
    """The success-factor scores of this clearance, one per day, oldest first.

    Numbers of two weight sets are never on one line (section 3.6): each step names its set. A day
    that was published under another set than today's stands as it was computed again, if it was.
    """
    published = Publication.objects.filter(
        dossier=dossier, kind=SUCCESS_FACTORS, clearance=clearance
    ).order_by("-published_at", "-pk")
    by_day: dict[date, dict[str, Any]] = {}
    for row in published.values_list(*_STEP)[:MOST_STEPS]:
        by_day.setdefault(row[0], _step(row))
    if by_day:
        newest = max(by_day.values(), key=lambda step: step["date"])["weights"]
        again = restated(dossier, clearance, newest).values_list(*_STEP)
        for step in map(_step, again[:MOST_STEPS]):
            if by_day.get(step["date"], step)["weights"] != newest:
                by_day[step["date"]] = step | {"restated": True}
    return sorted(by_day.values(), key=lambda step: step["date"])


def restated(dossier: Dossier, clearance: int, weight_set: Any) -> QuerySet[RestatedScore]:
    """The past success-factor scores that were computed again by a set, newest first."""
    return (
        RestatedScore.objects.filter(
            dossier=dossier, kind=SUCCESS_FACTORS, clearance=clearance, weight_set=weight_set
        )
        .select_related("snapshot")
        .order_by("-day")
    )


_STEP = (
    "snapshot__as_of",
    "snapshot__value",
    "snapshot__result__low",
    "snapshot__result__high",
    "snapshot__weight_set",
    "snapshot__weight_set__version",
)


def _step(row: tuple[Any, ...]) -> dict[str, Any]:
    day, value, low, high, weights, version = row
    step = {"date": day, "value": value, "low": low, "high": high}
    return step | {"weights": weights, "set": version}


def _meeting_marks(viewer: Viewer, meetings: QuerySet[Interaction]) -> Iterator[Mark]:
    rows = meetings.only(
        "level", "context_id", "held_on_first", "held_on_precision", "type", "held", "outcome",
        "highest_level",
    ).order_by("-held_on_first", "-id")  # fmt: skip
    for row in rows[:MOST_MARKS]:
        when = shown_date(row.held_on, coarse=is_coarse(viewer, row))
        words = [CODES["interaction_types"].label(row.type)]
        if row.outcome is not None:
            words.append(CODES["outcomes"].label(row.outcome).lower())
        yield _mark(when, meeting_kind(row.outcome, row.held), ", ".join(words), row)


def _promise_marks(viewer: Viewer, meetings: QuerySet[Interaction]) -> Iterator[Mark]:
    made_at = Q(interaction__in=meetings.order_by().values("pk"))
    claims = access.claims_visible_to(viewer).filter(made_at, claim="promise", state=CURRENT)
    yield from _claim_marks(claims.filter(due_on__isnull=False).select_related("settled_by"))
    steps = access.follow_ups_visible_to(viewer).filter(made_at, state=CURRENT)
    yield from _step_marks(viewer, steps.filter(due_on__isnull=False).exclude(progress="dropped"))


def _claim_marks(claims: QuerySet[Claim]) -> Iterator[Mark]:
    for row in claims.defer("text").order_by("-due_on")[:MOST_MARKS]:
        settled = row.settlement != "open" and row.settled_by
        day = settled.held_on.middle if settled else row.due_on
        words = f"{CODES['sides'].label(row.side)}, due {row.due_on}"
        kind = "promise_due" if row.settlement == "open" else f"promise_{row.settlement}"
        yield {"date": day, "kind": kind, "label": words, "href": _meeting_page(row)}


def _step_marks(viewer: Viewer, steps: QuerySet[FollowUp]) -> Iterator[Mark]:
    newest = steps.defer("what", "who", "done_note").order_by("-due_on")[:MOST_MARKS]
    row: Any
    for row in as_shown(viewer, newest, "due_on", "done_on"):
        kind = "promise_kept" if row.progress == "done" else "promise_due"
        words = f"next step ({CODES['sides'].label(row.side).lower()}), due {row.due_on}"
        yield {
            "date": _middle(row.done_on or row.due_on),
            "kind": kind,
            "label": words,
            "href": _meeting_page(row),
        }


def _meeting_page(row: Any) -> str | None:
    return page_of("interaction", row.interaction_id) if row.interaction_id else None


def _commitment_marks(viewer: Viewer, commitments: QuerySet[Commitment]) -> Iterator[Mark]:
    for row in as_shown(viewer, commitments.filter(signed_on_first__isnull=False), "signed_on"):
        yield _mark(row.signed_on, "commitment", row.title, row)


def incident_marks(viewer: Viewer, incidents: QuerySet[Incident]) -> Iterator[Mark]:
    for row in incidents.defer("place_detail", "description", "source")[:MOST_MARKS]:
        when = shown_date(row.occurred_on, coarse=is_coarse(viewer, row))
        words = CODES["violation_categories"].label(row.category)
        yield _mark(when, f"incident_{row.standard}", words, row)


def _assessment_marks(viewer: Viewer, assessments: Iterable[Assessment]) -> Iterator[Mark]:
    for row in as_shown(viewer, assessments, "as_of"):
        href = page_of("assessment", row.pk)
        yield {"date": _middle(row.as_of), "kind": "assessment", "label": "final", "href": href}


def _middle(when: PartialDate | date) -> date:
    return when.middle if isinstance(when, PartialDate) else when


def _mark(when: Any, kind: str, words: str, row: Any) -> Mark:
    exact = when.precision == "day"
    label = words if exact else f"{words} ({when})"
    return {
        "date": when.middle,
        "kind": kind,
        "label": label,
        "href": page_of(row.kind, row.pk),
        "when": when,
    }
