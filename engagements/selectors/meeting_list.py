"""The list of meetings: a filter in the address, a page of rows, each as its reader may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.access import Viewer
from actors.access import counterparts_visible_to
from actors.models.reference import CODES as ACTOR_CODES
from engagements.access import dossiers_visible_to, engagements_visible_to, interactions_visible_to
from engagements.details import CODES
from engagements.models import Engagement, Interaction
from engagements.selectors.places import is_coarse, shown_date

MOST_CHOICES = 500


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list: no text, and the date as far as the reader may know it."""

    meeting: Interaction
    when: str
    coarse: bool

    @property
    def topics(self) -> str:
        rows = self.meeting.topic_rows.all()
        return ", ".join(CODES["norms"].label(row.norm) for row in rows)


def meetings_in(viewer: Viewer) -> QuerySet[Interaction]:
    """The viewer's meetings, without their texts, with what a list shows of each."""
    rows = interactions_visible_to(viewer).defer("summary", "details", "details_words")
    return rows.select_related(
        "engagement__ngo", "engagement__armed_group", "context"
    ).prefetch_related("topic_rows")


def meeting_rows(viewer: Viewer, meetings: Iterable[Interaction]) -> list[MeetingRow]:
    return [
        MeetingRow(row, str(shown_date(row.held_on, coarse=coarse)), coarse)
        for row in meetings
        for coarse in [is_coarse(viewer, row)]
    ]


def choices_of(viewer: Viewer) -> dict[str, list[tuple[str, str]]]:
    """Armed groups, NGOs and contexts to choose from: those the viewer's engagements name."""
    rows = engagements_visible_to(viewer)
    return {
        "armed_group": _named(rows, "armed_group"),
        "ngo": _named(rows, "ngo"),
        "context": _named(rows, "context"),
    }


def _named(rows: QuerySet[Engagement], key: str) -> list[tuple[str, str]]:
    pairs = rows.order_by(f"{key}__name").values_list(f"{key}__pk", f"{key}__name").distinct()
    return [(str(pk), name) for pk, name in pairs[:MOST_CHOICES]]


def words_for(viewer: Viewer, name: str, values: Iterable[str]) -> str:
    """The values of a filter as people read them; "unknown" where the viewer has no such record."""
    labels = _LABELS.get(name)
    if labels is not None:
        return ", ".join(labels.get(value, value) for value in values)
    return ", ".join(_names(viewer, name, list(values))) or "unknown"


_LABELS: Mapping[str, Mapping[str, str]] = {
    name: {str(code): label for code, label in codes.choices()}
    for name, codes in {
        "type": CODES["interaction_types"],
        "channel": CODES["channels"],
        "outcome": CODES["outcomes"],
        "topic": CODES["norms"],
        "norm": CODES["norms"],
        "highest_level": ACTOR_CODES["organisational_levels"],
        "level_met": ACTOR_CODES["organisational_levels"],
        "state": CODES["record_states"],
        "ngo_type": ACTOR_CODES["ngo_types"],
        "instrument": CODES["instruments"],
        "status": CODES["commitment_statuses"],
        "verification": CODES["verification"],
        "category": CODES["violation_categories"],
        "standard": CODES["incident_standards"],
    }.items()
} | {"held": {"true": "held", "false": "not held"}}


def _names(viewer: Viewer, name: str, values: list[str]) -> list[str]:
    if name in ("armed_group", "ngo", "context"):
        known = dict(choices_of(viewer)[name])
        return [known.get(value, "unknown") for value in values]
    if name == "dossier":
        dossiers = dossiers_visible_to(viewer).filter(pk__in=_uuids(values))
        return [CODES["norms"].label(row.norm) for row in dossiers]
    if name == "counterpart":
        people = counterparts_visible_to(viewer).filter(pk__in=_uuids(values))
        return [row.code for row in people]
    return values


def _uuids(values: list[str]) -> list[UUID]:
    try:
        return [UUID(value) for value in values]
    except ValueError:
        return []
