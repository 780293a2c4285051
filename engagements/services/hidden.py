"""What of a record its reader may not see though they read the record: people, plan, next step and
linked records of a higher level. It is left out where the record is shown to be corrected, and
stays as it is when the correction comes back without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from accounts.access import Viewer, may
from actors.access import counterparts_visible_to
from engagements.access import (
    commitments_visible_to,
    dossiers_visible_to,
    incidents_visible_to,
    plans_visible_to,
)
from engagements.models import Interaction
from engagements.services.commitments import CommitmentContent
from engagements.services.content import MeetingContent, as_json, content_of
from engagements.services.incidents import IncidentContent

LINKS = {
    ("violation_talk", "incident"): incidents_visible_to,
    ("commitment", "commitment"): commitments_visible_to,
}
Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hidden:
    """By id, as text; `links` are (block, question) of details."""

    people: frozenset[str]
    plan: bool
    step: bool
    links: tuple[tuple[str, str], ...]


def hidden_in(viewer: Viewer, meeting: Interaction, said: Said) -> Hidden:
    """What the viewer may not see of this content, in the API's shape."""
    people = {row["counterpart"] for row in said["participants"]}
    step = meeting.follow_ups.filter(is_next_step=True).first()
    return Hidden(
        people=frozenset(people - _shown(counterparts_visible_to(viewer), people)),
        plan=bool(said["plan"]) and not _shown(plans_visible_to(viewer), {said["plan"]}),
        step=step is not None and not may(viewer, "r", step),
        links=tuple(
            (block, question)
            for (block, question), scope in LINKS.items()
            if (pk := said["details"].get(block, {}).get(question))
            and not _shown(scope(viewer), {pk})
        ),
    )


def _shown(rows: Any, ids: set[str]) -> set[str]:
    if not ids:
        return set()
    return {
        str(pk) for pk in rows.filter(pk__in=[UUID(pk) for pk in ids]).values_list("pk", flat=True)
    }


def said_as_seen(viewer: Viewer, meeting: Interaction, said: Said) -> dict[str, Any]:
    """The content in the API's shape without what the viewer may not see."""
    hidden = hidden_in(viewer, meeting, said)
    details = {block: dict(answers) for block, answers in said["details"].items()}
    for block, question in hidden.links:
        details[block].pop(question)
    return {
        **said,
        "participants": [
            row for row in said["participants"] if row["counterpart"] not in hidden.people
        ],
        "plan": None if hidden.plan else said["plan"],
        "next_step": None if hidden.step else said["next_step"],
        "details": details,
    }


def content_as_seen(viewer: Viewer, meeting: Interaction) -> MeetingContent:
    """What the stored meeting says now, as far as the viewer may see it."""
    content = content_of(meeting)
    hidden = hidden_in(viewer, meeting, as_json(content))
    seen = tuple(
        row for row in content.participants if str(row.counterpart.pk) not in hidden.people
    )
    details = {block: dict(answers) for block, answers in content.details.items()}
    for block, question in hidden.links:
        details[block].pop(question)
    return replace(
        content,
        participants=seen,
        plan=None if hidden.plan else content.plan,
        next_step=None if hidden.step else content.next_step,
        details=details,
    )


def with_what_is_hidden(
    viewer: Viewer, meeting: Interaction, stored: MeetingContent, content: MeetingContent
) -> MeetingContent:
    """What the viewer cannot see was not taken out by them, and stays. (A next step that they
    cannot see is left alone where the step is written.)
    """
    hidden = hidden_in(viewer, meeting, as_json(stored))
    named = {row.counterpart.pk for row in content.participants}
    kept = tuple(
        row
        for row in stored.participants
        if str(row.counterpart.pk) in hidden.people and row.counterpart.pk not in named
    )
    details = {block: dict(answers) for block, answers in content.details.items()}
    for block, question in hidden.links:
        details.setdefault(block, {}).setdefault(question, stored.details[block][question])
    return replace(
        content,
        participants=(*content.participants, *kept),
        plan=content.plan or (stored.plan if hidden.plan else None),
        details=details,
    )


def with_hidden_commitments(
    viewer: Viewer, stored: IncidentContent, content: IncidentContent
) -> IncidentContent:
    """A commitment that the viewer cannot see was not taken out by them: the link stays."""
    shown = _shown(commitments_visible_to(viewer), {str(one.pk) for one in stored.commitments})
    kept = tuple(one for one in stored.commitments if str(one.pk) not in shown)
    return replace(content, commitments=(*content.commitments, *kept)) if kept else content


def with_hidden_dossiers(
    viewer: Viewer, stored: CommitmentContent, content: CommitmentContent
) -> CommitmentContent:
    """A dossier that the viewer cannot see was not taken out by them: it stays bound."""
    shown = _shown(dossiers_visible_to(viewer), {str(one.pk) for one in stored.dossiers})
    kept = tuple(one for one in stored.dossiers if str(one.pk) not in shown)
    return replace(content, dossiers=(*content.dossiers, *kept)) if kept else content
