"""Home: what is yours to do, what moved since you looked last, and what is coming."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from records.codes import load
from records.models.records import CURRENT
from scorecards.models import Publication, ScoreSnapshot, Standing
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS

STAGES = load("scorecards")["stages"]
MOST_DRAFTS = 20
MOST_MOVED = 20
MOST_PLANS = 20


@dataclass(frozen=True, slots=True)
class Move:
    """What reads differently on a dossier: before and after in words, and the record behind it."""

    dossier: Dossier
    name: str
    before: str
    after: str
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
    """Dossiers whose score, stage or pattern is not what it was, the newest change first."""
    rows = standings_visible_to(viewer)
    if context is not None:
        rows = rows.filter(dossier__context=context)
    changed = [
        *_published_since(rows, SUCCESS_FACTORS, "success_factors", since),
        *_published_since(rows, SCORECARD, "scorecard", since),
    ]
    changed.sort(key=lambda pair: pair[0].last_at, reverse=True)
    earlier = _read(row.earlier for row, _ in changed)
    moves = [
        (row, name, before.get(name, NOTHING[name]), after)
        for row, now in changed
        for before in [earlier.get(row.earlier, {})]
        for name, after in _reads(now.value, now.result).items()
        if after != before.get(name, NOTHING[name])
    ]
    return _explained(viewer, moves[:MOST_MOVED])


def _published_since(
    rows: QuerySet[Standing], kind: str, column: str, since: datetime
) -> list[tuple[Any, Any]]:
    """The standings with a publication since, each with its snapshot of now; `earlier` is the id
    of what was published before.
    """
    of = Publication.objects.filter(
        dossier=OuterRef("dossier"), clearance=OuterRef("clearance"), kind=kind
    ).order_by("-published_at", "-pk")
    newest, earlier = of.filter(published_at__gt=since), of.filter(published_at__lte=since)
    changed = rows.filter(Exists(newest)).annotate(
        earlier=Subquery(earlier.values("snapshot")[:1]),
        last_at=Subquery(newest.values("published_at")[:1]),
        last_kind=Subquery(newest.values("because_kind")[:1]),
        last_record=Subquery(newest.values("because_record")[:1]),
    )
    found = changed.order_by("-last_at", "pk")[: 5 * MOST_MOVED]
    return [(row, getattr(row, column)) for row in found]


def _read(ids: Iterable[UUID | None]) -> dict[UUID, dict[str, str]]:
    """What these snapshots read, in one query."""
    rows = ScoreSnapshot.objects.filter(pk__in={pk for pk in ids if pk})
    return {row.pk: _reads(row.value, row.result) for row in rows.only("value", "result")}


# What stands where nothing was published.
NOTHING = {
    "Conditions": "no value",
    "Integration index": "no value",
    "Stage": "not placed",
    "Violations": "no pattern",
}


def _reads(value: float | None, result: Mapping[str, Any]) -> dict[str, str]:
    """What a reader would notice of a published score."""
    figure = "no value" if value is None else f"{value:.1f}"
    if "score" in result:
        return {"Conditions": figure}
    level = result["stage"]["level"]
    return {
        "Integration index": figure,
        "Stage": NOTHING["Stage"] if level is None else STAGES.label(level).lower(),
        "Violations": "pattern" if result["violations"]["pattern"] else NOTHING["Violations"],
    }


def _explained(viewer: Viewer, moves: list[tuple[Any, str, str, str]]) -> list[Move]:
    keys = [(row.last_kind, str(row.last_record)) for row, *_ in moves if row.last_record]
    places = places_of(viewer, keys, None)
    return [
        Move(
            row.dossier,
            name,
            before,
            after,
            place_of_reason(row.last_kind, row.last_record, places),
        )
        for row, name, before, after in moves
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
