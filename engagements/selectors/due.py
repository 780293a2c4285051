"""Promises and next steps of both sides, by how they press: overdue, due, undated, settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from accounts.access import Viewer, coarse_contexts, may
from engagements.access import claims_visible_to, follow_ups_visible_to
from engagements.models import Claim, FollowUp
from engagements.selectors.places import as_shown, page_of
from records.dates import PartialDate
from records.models.records import CURRENT

SOON = timedelta(days=14)
MOST_OPEN = 100
MOST_SETTLED = 30


@dataclass(frozen=True, slots=True)
class Due:
    """One promise or next step. `text` is empty where the reader may not read it.

    `pressing`: overdue, due (within two weeks or later), undated, or how it was settled. Of a
    month, which is all that some are shown, the last day counts. `act` is where it is settled,
    empty for those who may not.
    """

    what: str
    side: str
    text: str
    due_on: date | PartialDate | None
    pressing: str
    group: str
    group_href: str | None
    href: str | None
    act: str

    @property
    def is_overdue(self) -> bool:
        return self.pressing == "overdue"


@dataclass(frozen=True, slots=True)
class Ledger:
    """One side's promises: what presses, what has no day, and what was settled last."""

    overdue: list[Due]
    due: list[Due]
    undated: list[Due]
    settled: list[Due]


def ledger(viewer: Viewer, side: str, *, today: date, of: Q | None = None) -> Ledger:
    """Everything promised by one side ("ours", "theirs"); `of` limits it by the meeting."""
    open_rows = _open(viewer, Q(side=side) & (of or Q()), today)
    return Ledger(
        overdue=[row for row in open_rows if row.pressing == "overdue"],
        due=[row for row in open_rows if row.pressing == "due"],
        undated=[row for row in open_rows if row.pressing == "undated"],
        settled=_settled(viewer, Q(side=side) & (of or Q())),
    )


def pressing(viewer: Viewer, *, today: date, of: Q | None = None, most: int = 20) -> list[Due]:
    """What is overdue or due within two weeks, of both sides, the oldest first."""
    near = Q(due_on__lte=today + SOON) & (of or Q())
    return _open(viewer, near, today)[:most]


def _open(viewer: Viewer, of: Q, today: date) -> list[Due]:
    claims = _promises(viewer).filter(of, settlement="open")
    steps = _steps(viewer).filter(of, progress="open")
    rows = [
        *(_claim(viewer, row, _pressing(row.due_on, today)) for row in _soonest(claims)),
        *(
            _step(viewer, row, _pressing(row.due_on, today))
            for row in as_shown(viewer, _soonest(steps), "due_on")
        ),
    ]
    return sorted(rows, key=lambda row: _last_day(row.due_on) or date.max)[:MOST_OPEN]


def _settled(viewer: Viewer, of: Q) -> list[Due]:
    claims = _promises(viewer).filter(of).exclude(settlement="open")
    steps = _steps(viewer).filter(of).exclude(progress="open")
    newest = ("-updated_at", "-pk")
    rows = [
        *(
            (row.updated_at, _claim(viewer, row, row.settlement))
            for row in claims.order_by(*newest)[:MOST_SETTLED]
        ),
        *(
            (row.updated_at, _step(viewer, row, row.progress))
            for row in as_shown(viewer, steps.order_by(*newest)[:MOST_SETTLED], "due_on")
        ),
    ]
    rows.sort(key=lambda pair: pair[0], reverse=True)
    return [row for _, row in rows[:MOST_SETTLED]]


def _promises(viewer: Viewer) -> QuerySet[Claim]:
    rows = claims_visible_to(viewer).filter(claim="promise", state=CURRENT)
    return rows.select_related("interaction__engagement__armed_group")


def _steps(viewer: Viewer) -> QuerySet[FollowUp]:
    rows = follow_ups_visible_to(viewer).filter(state=CURRENT, interaction__isnull=False)
    return rows.select_related("interaction__engagement__armed_group")


def _soonest(rows: QuerySet[Any]) -> Iterable[Any]:
    return rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_OPEN]


def _pressing(due_on: date | PartialDate | None, today: date) -> str:
    last = _last_day(due_on)
    if last is None:
        return "undated"
    return "overdue" if last < today else "due"


def _last_day(when: date | PartialDate | None) -> date | None:
    return when.last if isinstance(when, PartialDate) else when


def _claim(viewer: Viewer, row: Claim, how: str) -> Due:
    return _due(viewer, row, "Promise", row.text, how)


def _step(viewer: Viewer, row: FollowUp, how: str) -> Due:
    hidden = row.context_id in coarse_contexts(viewer, "follow_up")
    return _due(viewer, row, "Next step", "" if hidden else row.what, how)


def _due(viewer: Viewer, row: Any, what: str, text: str, how: str) -> Due:
    group = row.interaction.engagement.armed_group
    return Due(
        what=what,
        side=row.side,
        text=text,
        due_on=row.due_on,
        pressing=how,
        group=group.name,
        group_href=page_of("armed_group", group.pk),
        href=page_of("interaction", row.interaction_id),
        act=reverse(f"{row.kind}_settle", args=[row.pk]) if may(viewer, "u", row) else "",
    )
