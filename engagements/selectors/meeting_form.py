"""What the meeting form offers to choose from, cut to what the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.access import Viewer, visible
from actors.models import Counterpart
from engagements.access import (
    commitments_visible_to,
    dossiers_visible_to,
    incidents_visible_to,
    interactions_visible_to,
)
from engagements.models import Engagement, FollowUp, InteractionTopic
from engagements.selectors.promises_open import OpenPromise, promises_open, steps_open
from records.models.records import CURRENT

MOST_LINKS = 100
MOST_TOPICS = 6


@dataclass(frozen=True)
class KnownCounterpart:
    counterpart: Counterpart

    @property
    def named(self) -> str:
        row = self.counterpart
        return ", ".join(filter(None, [row.code, row.role, row.get_rank_display()]))


@dataclass(frozen=True)
class FormRoom:
    """One engagement as the form needs it: people, links, promises, levels, types."""

    engagement: Engagement
    ngo_types: tuple[str, ...]
    levels: tuple[int, ...]
    counterparts: dict[str, KnownCounterpart]
    incidents: tuple[tuple[str, str], ...]
    commitments: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]
    promises: tuple[OpenPromise, ...]
    steps: tuple[FollowUp, ...]


def form_room(viewer: Viewer, engagement: Engagement, *, today: date) -> FormRoom:
    """Everything the form offers for this engagement. A constant number of queries."""
    floor = max(engagement.level, engagement.context.floor)
    return FormRoom(
        engagement=engagement,
        ngo_types=tuple(row.type for row in engagement.ngo.types.all()),
        levels=tuple(range(floor, viewer.clearance(engagement.context_id) + 1)),
        counterparts=_counterparts(viewer, engagement),
        incidents=_incidents(viewer, engagement),
        commitments=_commitments(viewer, engagement),
        topics=_topics(viewer, engagement),
        promises=tuple(promises_open(viewer, engagement, today=today)),
        steps=tuple(steps_open(viewer, engagement)),
    )


def _counterparts(viewer: Viewer, engagement: Engagement) -> dict[str, KnownCounterpart]:
    rows = visible(viewer, Counterpart.objects.all()).filter(
        armed_group=engagement.armed_group_id, context=engagement.context_id
    )
    return {str(row.pk): KnownCounterpart(row) for row in rows.order_by("code")}


def _incidents(viewer: Viewer, engagement: Engagement) -> tuple[tuple[str, str], ...]:
    rows = incidents_visible_to(viewer).filter(
        armed_group=engagement.armed_group_id, context=engagement.context_id, state=CURRENT
    )
    newest = rows.order_by("-occurred_on_first")[:MOST_LINKS]
    return tuple(
        (str(row.pk), f"{row.get_category_display()}, {row.occurred_on}") for row in newest
    )


def _commitments(viewer: Viewer, engagement: Engagement) -> tuple[tuple[str, str], ...]:
    rows = commitments_visible_to(viewer).filter(dossiers__engagement=engagement, state=CURRENT)
    newest = rows.distinct().order_by("-signed_on_first")[:MOST_LINKS]
    return tuple((str(row.pk), f"{row.title} ({row.get_status_display()})") for row in newest)


def _topics(viewer: Viewer, engagement: Engagement) -> tuple[str, ...]:
    """The likely ones: topics with a dossier of their own, then those of the last meetings."""
    open_on = dossiers_visible_to(viewer).filter(engagement=engagement, closed_on=None)
    own = open_on.exclude(norm="GEN").order_by("norm").values_list("norm", flat=True)
    seen = interactions_visible_to(viewer).filter(engagement=engagement, state=CURRENT)
    touched = InteractionTopic.objects.filter(interaction__in=seen.values("pk"))
    recent = touched.order_by("-interaction__held_on_first").values_list("norm", flat=True)
    return tuple(dict.fromkeys([*own, *recent[:40]]))[:MOST_TOPICS]
