"""Home: what is yours to do, what moved since you looked last, and what is coming."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.access import Viewer
from engagements.access import drafts_of, engagements_visible_to, plans_visible_to
from engagements.details import CODES
from engagements.models import Dossier, Draft, Plan
from engagements.selectors.because import place_of_reason
from engagements.selectors.places import Place, page_of, places_of
from engagements.selectors.scores import standings_visible_to
from records.models.records import CURRENT
from scorecards.models import Publication, Standing
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS

MOST_DRAFTS = 20
MOST_MOVED = 20
MOST_PLANS = 20


@dataclass(frozen=True, slots=True)
class Move:
    """A dossier whose score changed: old and new value (0..100), and the record behind it."""

    dossier: Dossier
    name: str
    before: float | None
    after: float | None
    because: Place

    @property
    def href(self) -> str | None:
        return page_of("dossier", self.dossier.pk)

    @property
    def topic(self) -> str:
        return CODES["norms"].label(self.dossier.norm)


@dataclass(frozen=True, slots=True)
class DraftLine:
    draft: Draft
    group: str


@dataclass(frozen=True, slots=True)
class Coming:
    plan: Plan
    day: str


def drafts_at_hand(viewer: Viewer) -> list[DraftLine]:
    """The person's own drafts, newest first, each with its armed group."""
    drafts = list(drafts_of(viewer)[:MOST_DRAFTS])
    ids = {draft.pk: str(draft.body.get("engagement", "")) for draft in drafts}
    rows = engagements_visible_to(viewer).filter(pk__in=_uuids(ids.values()))
    names = {str(row.pk): row.armed_group.name for row in rows.select_related("armed_group")}
    return [DraftLine(draft, names.get(ids[draft.pk], "")) for draft in drafts]


def _uuids(texts: Iterable[str]) -> list[UUID]:
    return [UUID(text) for text in texts if len(text) == 36]


def moved_since(viewer: Viewer, since: datetime, *, context: UUID | None = None) -> list[Move]:
    """Dossiers whose published score is not what it was, the newest change first."""
    rows = standings_visible_to(viewer)
    if context is not None:
        rows = rows.filter(dossier__context=context)
    moves = [
        *_moves(rows, SUCCESS_FACTORS, "success_factors", "Conditions", since),
        *_moves(rows, SCORECARD, "scorecard", "Integration index", since),
    ]
    moves.sort(key=lambda move: move[1].last_at, reverse=True)
    return _explained(viewer, moves[:MOST_MOVED])


def _moves(
    rows: QuerySet[Standing], kind: str, column: str, name: str, since: datetime
) -> list[tuple[str, Any, float | None, float | None]]:
    of = Publication.objects.filter(
        dossier=OuterRef("dossier"), clearance=OuterRef("clearance"), kind=kind
    ).order_by("-published_at", "-pk")
    newest, earlier = of.filter(published_at__gt=since), of.filter(published_at__lte=since)
    changed = rows.filter(Exists(newest)).annotate(
        before=Subquery(earlier.values("snapshot__value")[:1]),
        last_at=Subquery(newest.values("published_at")[:1]),
        last_kind=Subquery(newest.values("because_kind")[:1]),
        last_record=Subquery(newest.values("because_record")[:1]),
    )
    found = []
    for row in changed.order_by("-last_at", "pk")[: 5 * MOST_MOVED]:
        after = getattr(row, column).value
        if _tenths(row.before) != _tenths(after):
            found.append((name, row, row.before, after))
    return found


def _tenths(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _explained(viewer: Viewer, moves: list[tuple[str, Any, Any, Any]]) -> list[Move]:
    keys = [(row.last_kind, str(row.last_record)) for _, row, _, _ in moves if row.last_record]
    places = places_of(viewer, keys, None)
    return [
        Move(
            row.dossier,
            name,
            before,
            after,
            place_of_reason(row.last_kind, row.last_record, places),
        )
        for name, row, before, after in moves
    ]


def coming(viewer: Viewer, *, context: UUID | None = None) -> list[Coming]:
    """Planned meetings, the soonest first; days are opened one by one, as they are sealed."""
    rows = plans_visible_to(viewer).filter(progress="planned", state=CURRENT)
    if context is not None:
        rows = rows.filter(context=context)
    rows = rows.select_related("engagement__ngo", "engagement__armed_group")
    found = [Coming(plan, str(plan.planned_on)) for plan in rows.order_by("planned_month")[:100]]
    return sorted(found, key=lambda one: one.day)[:MOST_PLANS]


def of_context(context: UUID | None) -> Q:
    return Q() if context is None else Q(context=context)
