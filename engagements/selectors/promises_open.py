"""What was promised and is not settled: the first thing to ask at the next meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F

from accounts.access import Viewer
from engagements.access import claims_visible_to, follow_ups_visible_to
from engagements.models import Claim, Engagement, FollowUp
from records.models.records import CURRENT

MOST_PRESSING = 3
SOON = timedelta(days=7)


@dataclass(frozen=True)
class OpenPromise:
    """A promise and how it presses on the day: "overdue since …", "due …"."""

    claim: Claim
    pressing: str


def promises_open(viewer: Viewer, engagement: Engagement, *, today: date) -> list[OpenPromise]:
    """The open promises of both sides, the most pressing first: due earliest, then undated."""
    rows = claims_visible_to(viewer, verb="u").filter(
        interaction__engagement=engagement, claim="promise", settlement="open", state=CURRENT
    )
    rows = rows.order_by(F("due_on").asc(nulls_last=True), "created_at")
    return [OpenPromise(claim, _pressing(claim.due_on, today)) for claim in rows[:60]]


def steps_open(viewer: Viewer, engagement: Engagement) -> list[FollowUp]:
    """The next steps that were agreed and are not done."""
    rows = follow_ups_visible_to(viewer).filter(
        interaction__engagement=engagement, progress="open", state=CURRENT
    )
    return list(rows.order_by(F("due_on").asc(nulls_last=True), "created_at")[:20])


def _pressing(due_on: date | None, today: date) -> str:
    if due_on is None:
        return "no day set"
    if due_on < today:
        return f"overdue since {due_on.isoformat()}"
    return f"due {due_on.isoformat()}" + (", soon" if due_on <= today + SOON else "")
