"""Whom a person may log a meeting with, the recent first, and what stood last time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.access import Viewer, grants_for
from actors.models.names import fold
from engagements.access import engagements_visible_to, interactions_visible_to
from engagements.models import Engagement, Interaction
from records.models.records import CURRENT

MOST_SHOWN = 30
SHORTEST_SEARCH = 2


@dataclass(frozen=True)
class GroupToLog:
    """An armed group and the viewer's engagements with it; `why` a search found it."""

    name: str
    engagements: tuple[Engagement, ...]
    last_met: date | None
    why: str = ""

    @property
    def in_several_contexts(self) -> bool:
        return len({row.context_id for row in self.engagements}) > 1


def loggable(viewer: Viewer) -> QuerySet[Engagement]:
    """The engagements in which this person may log a meeting."""
    contexts = [grant.context_id for grant in grants_for(viewer, "c", "interaction")]
    rows = engagements_visible_to(viewer).filter(context__in=contexts, state=CURRENT)
    return rows.select_related("armed_group", "ngo", "context").exclude(status="closed")


def groups_to_log(viewer: Viewer, words: str = "") -> list[GroupToLog]:
    """The groups to choose from: last met first; with `words`, those with such a name."""
    met = interactions_visible_to(viewer).filter(engagement=OuterRef("pk"), state=CURRENT)
    rows: QuerySet[Engagement] = loggable(viewer).annotate(
        last_met=Subquery(met.order_by("-held_on_first").values("held_on_first")[:1])
    )
    if fold(words):
        rows = _named_like(rows, fold(words))
    rows = rows.order_by(F("last_met").desc(nulls_last=True), "armed_group__name", "ngo__name")
    return _by_group(list(rows.distinct()[: 4 * MOST_SHOWN]), words)[:MOST_SHOWN]


def _named_like(rows: QuerySet[Engagement], folded: str) -> QuerySet[Engagement]:
    named = Q(armed_group__names__folded__contains=folded) | Q(ngo__names__folded__contains=folded)
    return rows.filter(named).prefetch_related("armed_group__names")


def _by_group(rows: list[Engagement], words: str) -> list[GroupToLog]:
    found: dict[object, list[Engagement]] = {}
    for row in rows:
        found.setdefault(row.armed_group_id, []).append(row)
    return [
        GroupToLog(
            name=these[0].armed_group.name,
            engagements=tuple(these),
            last_met=getattr(these[0], "last_met", None),
            why=_why(these[0], fold(words)) if words else "",
        )
        for these in found.values()
    ]


def _why(engagement: Engagement, folded: str) -> str:
    """The name that matched, where it is not the one that is shown."""
    group = engagement.armed_group
    if folded in fold(group.name):
        return ""
    names = (row for row in group.names.all() if folded in row.folded)
    return next((f"{row.get_kind_display()}: {row.name}" for row in names), "")


def last_meeting(viewer: Viewer, engagement: Engagement) -> Interaction | None:
    """The last meeting held in this engagement that the viewer may see."""
    rows = interactions_visible_to(viewer).filter(engagement=engagement, state=CURRENT, held=True)
    return rows.order_by("-held_on_first", "-created_at").first()
