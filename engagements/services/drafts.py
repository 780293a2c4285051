"""Drafts on the server: kept while a person types, and turned into a meeting once.

A draft's id is the id of the meeting that it becomes; a correction's draft has an id of its own
and names the meeting. Each save carries the page's own name and count and the sequence number it
was based on: a save that arrives late changes nothing, one from a page that does not know the
newest text is refused and its writer told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts.access import Viewer, may_in
from engagements.access import drafts_of
from engagements.models import Draft, Engagement, Interaction
from engagements.services.content import MeetingContent, as_json, content_of
from engagements.services.meetings import ClaimContent, record_meeting
from engagements.services.plans import compare_plan
from records.versions import content_digest, versions_of

Answers = dict[str, list[str]]


class KeptElsewhere(Exception):
    """Another page has kept a newer text of this draft. `draft` is what is stored."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("This draft was changed on another page.")
        self.draft = draft


@dataclass(frozen=True, kw_only=True)
class Page:
    """One open page: its own random name, how often it has saved, and what it was based on."""

    name: str
    count: int
    based_on: int


def start_draft(
    viewer: Viewer, engagement: Engagement, answers: Answers, *, pk: UUID | None = None
) -> Draft:
    """A new draft of the new meeting `pk`. PermissionDenied where the person may log none."""
    if viewer.user is None or not may_in(
        viewer, "c", "interaction", engagement.context_id, level=engagement.level
    ):
        raise PermissionDenied
    if pk is None or Draft.objects.filter(pk=pk).exists():
        pk = uuid4()
    draft = Draft(pk=pk, record=pk, owner=viewer.user, context=engagement.context)
    draft.body = {"engagement": str(engagement.pk), "answers": answers}
    draft.save(force_insert=True)
    return draft


def draft_correction(
    viewer: Viewer, meeting: Interaction, answers: Answers, *, base: int, over: bool = False
) -> Draft:
    """The person's draft of a correction of this meeting: the one they have, or a new one.

    `answers` start a new one; with `over` they also replace what the known one says.
    """
    if viewer.user is None or not may_in(
        viewer, "u", "interaction", meeting.context_id, level=meeting.level
    ):
        raise PermissionDenied
    known = drafts_of(viewer).filter(record=meeting.pk).first()
    if known is not None and not over:
        return known
    draft = known or Draft(record=meeting.pk, owner=viewer.user, context=meeting.context)
    draft.base_version = base
    draft.body = {"engagement": str(meeting.engagement_id), "answers": answers}
    draft.sequence += 1 if known else 0
    draft.saved_at = timezone.now()
    draft.save()
    return draft


@transaction.atomic
def keep_draft(
    viewer: Viewer, pk: UUID, answers: Answers, page: Page, *, insist: bool = False
) -> Draft:
    """Keep what was typed; `insist` writes over what another page kept, when told to.

    Raises Http404 if the draft is gone, KeptElsewhere if another page has kept a newer text.
    """
    draft = drafts_of(viewer).select_for_update().filter(pk=pk).first()
    if draft is None:
        raise Http404
    body = draft.body
    same_page = body.get("page") == page.name
    if same_page and page.count <= body.get("count", 0):
        return draft
    if not (same_page or draft.sequence == page.based_on or insist):
        raise KeptElsewhere(draft)
    draft.body = body | {"answers": answers, "page": page.name, "count": page.count}
    draft.sequence += 1
    draft.saved_at = timezone.now()
    draft.save()
    return draft


def discard_draft(viewer: Viewer, pk: UUID) -> None:
    """Throw a draft away. Gone already is as good."""
    drafts_of(viewer).filter(pk=pk).delete()


def log_meeting(
    viewer: Viewer,
    record: UUID,
    content: MeetingContent,
    answers: Answers,
    *,
    claims: Sequence[ClaimContent] = (),
    settled: Mapping[UUID, str] | None = None,
    compared: str = "",
) -> tuple[Interaction, bool]:
    """Turn answers into the meeting `record`, once: see `record_meeting` for what it raises."""
    digest = content_digest(_sent(answers))
    with transaction.atomic():
        meeting, created = record_meeting(
            viewer, content, digest=digest, pk=record, claims=claims, settled=settled
        )
        if created and compared and content.plan:
            compare_plan(viewer, content.plan.pk, compared)
    return meeting, created


def _sent(answers: Answers) -> Answers:
    """The answers without what the page noted for itself."""
    return {name: given for name, given in answers.items() if not name.endswith("-proposed")}


def version_said(meeting: Interaction, number: int) -> dict[str, Any]:
    """What the meeting said in that version, in the API's shape; its present words if unknown."""
    if number != meeting.version:
        for version in versions_of(meeting):
            if version.number == number:
                return dict(version.words)
    return as_json(content_of(meeting))
