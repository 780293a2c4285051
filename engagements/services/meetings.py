"""Log, correct, withdraw and restore a meeting: each one transaction that ends in a recompute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.http import Http404
from django.utils import timezone

from accounts.access import Viewer, may, may_in
from engagements.details import split_words
from engagements.models import (
    Claim,
    Draft,
    FollowUp,
    Interaction,
    Plan,
)
from engagements.selectors.touched import dossiers_touched
from engagements.services.changes import Noun
from engagements.services.content import MeetingContent, as_json, content_of, without_words
from engagements.services.follow_ups import FOLLOW_UPS
from engagements.services.hidden import with_what_is_hidden
from engagements.services.levels import level_after_change, level_for_new
from engagements.services.meeting_rows import clear_children, write_children, write_columns
from engagements.services.meeting_rules import check_meeting
from engagements.services.promises import settle_claim
from engagements.services.reconciling import reconcile_readings
from engagements.services.staleness import hold_scores, mark_stale
from records.models.records import CURRENT, DELETED
from records.versions import AlreadyThere, keep_version, require_version

OWN_NOTE_DAY = timedelta(hours=24)
NOT_YOUR_WORDS = "Only the author changes the text of a note. Ask them, or log what differs."


@dataclass(frozen=True, kw_only=True)
class ClaimContent:
    """One line of what was said, logged with its meeting."""

    claim: str
    side: str
    text: str
    due_on: date | None = None
    basis: str = ""


def record_meeting(
    viewer: Viewer,
    content: MeetingContent,
    *,
    digest: str,
    pk: UUID | None = None,
    claims: Sequence[ClaimContent] = (),
    settled: Mapping[UUID, str] | None = None,
) -> tuple[Interaction, bool]:
    """Save a new meeting; (meeting, True), or the stored one and False if it was sent before.

    `pk` is the client's id, `digest` of what was sent: the same id with the same content is the
    same meeting, however often it arrives; with other content it raises AlreadyThere.
    `settled` says of open promises which this meeting found "kept", "broken" or "unclear".
    Raises ValidationError (by field), PermissionDenied.
    """
    pk = pk or uuid4()
    try:
        with transaction.atomic():
            known = _sent_before(viewer, pk, digest)
            if known is not None:
                return known, False
            return _record(viewer, content, pk, digest, claims, settled or {}), True
    except IntegrityError:  # sent twice at the same moment: the other one is there now
        known = _sent_before(viewer, pk, digest)
        if known is None:
            raise
        return known, False


def _sent_before(viewer: Viewer, pk: UUID, digest: str) -> Interaction | None:
    known = Interaction.objects.filter(pk=pk).first()
    if known is None:
        return None
    if known.first_digest != digest or not may(viewer, "r", known):
        raise AlreadyThere
    return known


def _record(
    viewer: Viewer,
    content: MeetingContent,
    pk: UUID,
    digest: str,
    claims: Sequence[ClaimContent],
    settled: Mapping[UUID, str],
) -> Interaction:
    engagement = content.engagement
    if not may_in(viewer, "c", "interaction", engagement.context_id, level=engagement.level):
        raise PermissionDenied
    check_meeting(content, today=timezone.localdate())
    promises = _held_promises(viewer, content, settled)
    hold_scores(engagement.pk)
    meeting = Interaction(
        pk=pk,
        context=engagement.context,
        level=level_for_new(
            viewer, content.level, default=engagement.armed_group.default_level, within=engagement
        ),
        first_digest=digest,
        created_by=viewer.user,
    )
    write_columns(meeting, content)
    meeting.save(force_insert=True)
    write_children(meeting, content)
    _write_next_step(viewer, meeting, content)
    _write_claims(viewer, meeting, claims)
    _settle(viewer, meeting, promises, settled)
    _close_plan(content.plan, meeting)
    Draft.objects.filter(owner=viewer.user, record=meeting.pk).delete()
    if content.readings:
        reconcile_readings(viewer, meeting)
    touched = dossiers_touched(meeting, is_new=True)
    mark_stale(touched, level=meeting.level, because=("interaction", meeting.pk))
    return meeting


def _write_next_step(viewer: Viewer, meeting: Interaction, content: MeetingContent) -> None:
    """The next step is one follow-up; what became of it stays when its wording is corrected. One
    that the writer may not see gives way to theirs, and stays beside it.
    """
    step, steps = content.next_step, meeting.follow_ups.filter(is_next_step=True)
    known = steps.first() if meeting.version > 1 else None
    if known is not None and not may(viewer, "r", known):
        if step is not None:
            steps.update(is_next_step=False)
        known = None
    if step is None:
        if known is not None:
            _drop_step(viewer, known)
        return
    if known is not None:
        FOLLOW_UPS.keep(viewer, known)
    row = known or FollowUp(
        interaction=meeting, context=meeting.context, is_next_step=True, created_by=viewer.user
    )
    row.what, row.who, row.due_on, row.side = step.what, step.who, step.due_on, step.side
    row.owner = row.owner or (viewer.user if step.side == "ours" else None)
    row.level, row.updated_at = max(row.level if known else 1, meeting.level), timezone.now()
    row.save()


def _drop_step(viewer: Viewer, step: FollowUp) -> None:
    """Taken out of the meeting: whoever read it is told by its stub."""
    FOLLOW_UPS.keep(viewer, step)
    step.state, step.is_next_step = DELETED, False
    step.save()


def _write_claims(viewer: Viewer, meeting: Interaction, claims: Iterable[ClaimContent]) -> None:
    Claim.objects.bulk_create(
        Claim(
            interaction=meeting,
            context=meeting.context,
            level=meeting.level,
            created_by=viewer.user,
            claim=row.claim,
            side=row.side,
            text=row.text,
            due_on=row.due_on,
            basis=row.basis,
        )
        for row in claims
    )


def _held_promises(
    viewer: Viewer, content: MeetingContent, settled: Mapping[UUID, str]
) -> list[Claim]:
    """The promises of this engagement that the meeting settles, held before the scores are:
    records first, scores second, as every other change takes them.
    """
    if not settled:
        return []
    claims = (
        Claim.objects.select_for_update(of=("self",))
        .filter(pk__in=settled, interaction__engagement=content.engagement, state=CURRENT)
        .select_related("interaction")
        .prefetch_related("interaction__topic_rows")
    )
    return [claim for claim in claims.order_by("pk") if may(viewer, "u", claim)]


def _settle(
    viewer: Viewer, meeting: Interaction, promises: Sequence[Claim], settled: Mapping[UUID, str]
) -> None:
    """What this meeting found of earlier promises.

    A settled claim quotes the meeting that settled it, so it takes at least that level.
    """
    for claim in promises:
        settle_claim(viewer, claim, settled[claim.pk], by=meeting)


def _close_plan(plan: Plan | None, meeting: Interaction) -> None:
    if plan is not None:
        plan.progress = "held" if meeting.held else "cancelled"
        plan.version += 1
        plan.updated_at = timezone.now()
        plan.save()


def correct_meeting(
    viewer: Viewer,
    pk: UUID,
    content: MeetingContent,
    *,
    version: int | None,
    reason: str = "",
) -> Interaction:
    """Store a new version of a meeting; the old one is kept and the difference counts as a
    correction. Raises Http404, Conflict (somebody was faster), ValidationError, PermissionDenied.
    """
    with transaction.atomic():
        meeting = _locked(viewer, pk, "u")
        hold_scores(meeting.engagement_id)
        require_version(meeting, version)
        if content.engagement.pk != meeting.engagement_id:
            raise ValidationError({"engagement": "A meeting stays with its armed group."})
        check_meeting(content, today=timezone.localdate())
        before = content_of(meeting)
        content = with_what_is_hidden(viewer, meeting, before, content)
        _check_words(viewer, meeting, before, content, reason)
        touched, old_level = set(dossiers_touched(meeting)), meeting.level
        level = level_after_change(
            viewer, meeting, content.level, within=meeting.engagement, reason=reason
        )
        _keep(viewer, meeting, before, reason)
        write_columns(meeting, content)
        meeting.level = level
        meeting.save()
        clear_children(meeting)
        write_children(meeting, content)
        _write_next_step(viewer, meeting, content)
        _raise_what_hangs_on(meeting)
        Draft.objects.filter(owner=viewer.user, record=meeting.pk).delete()
        reconcile_readings(viewer, meeting)
        mark_stale(
            touched | set(dossiers_touched(meeting)),
            level=min(old_level, level),
            because=("interaction", meeting.pk),
        )
        return meeting


def _locked(viewer: Viewer, pk: UUID, verb: str) -> Interaction:
    rows = Interaction.objects.select_for_update(of=("self",)).select_related(
        "engagement__armed_group", "context"
    )
    meeting = rows.filter(pk=pk).first()
    if meeting is None or not may(viewer, "r", meeting):
        raise Http404
    if not may(viewer, verb, meeting):
        raise PermissionDenied
    return meeting


def _keep(viewer: Viewer, meeting: Interaction, before: MeetingContent, reason: str) -> None:
    """Keep the version that is about to be replaced."""
    body = without_words(before) | {"state": meeting.state}
    keep_version(meeting, body=body, words=as_json(before), by=viewer.user, reason=reason)


def _check_words(
    viewer: Viewer, meeting: Interaction, before: MeetingContent, after: MeetingContent, reason: str
) -> None:
    """What was said stays its author's; a day later a change of it needs a reason."""
    if _words_of(before) == _words_of(after):
        return
    if viewer.user is None or meeting.created_by_id != viewer.user.pk:
        raise ValidationError({"summary": NOT_YOUR_WORDS})
    if timezone.now() - meeting.created_at > OWN_NOTE_DAY and not reason.strip():
        raise ValidationError({"reason": "The note is older than a day: say why you correct it."})


def _words_of(content: MeetingContent) -> tuple[Any, ...]:
    return (
        content.summary,
        split_words(content.details)[1],
        sorted(row.seen for row in content.evidence),
    )


def _raise_what_hangs_on(meeting: Interaction) -> None:
    """Claims and follow-ups are at least as confidential as the meeting they come from; a claim
    also as the one that settled it.
    """
    lower = Q(level__lt=meeting.level)
    changed = {
        "level": meeting.level, "version": F("version") + 1, "updated_at": timezone.now(),
    }  # fmt: skip
    said = Claim.objects.filter(Q(interaction=meeting) | Q(settled_by=meeting))
    steps = Q(interaction=meeting) | Q(claim__in=said.values("pk"))
    FollowUp.objects.filter(lower, steps).update(**changed)
    said.filter(lower).update(**changed)


def _said(meeting: Interaction) -> tuple[dict[str, Any], dict[str, Any]]:
    content = content_of(meeting)
    return without_words(content), as_json(content)


MEETINGS = Noun(Interaction, said=_said, touches=dossiers_touched)


@transaction.atomic
def withdraw_meeting(viewer: Viewer, pk: UUID, *, reason: str) -> Interaction:
    """Take a meeting out of every sum; it stays visible as withdrawn. A reason is required."""
    meeting = MEETINGS.withdraw(viewer, pk, reason=reason)
    reconcile_readings(viewer, meeting)
    return meeting


@transaction.atomic
def restore_meeting(viewer: Viewer, pk: UUID, *, reason: str) -> Interaction:
    """Let a withdrawn meeting count again. A reason is required."""
    meeting = MEETINGS.restore(viewer, pk, reason=reason)
    reconcile_readings(viewer, meeting)
    return meeting


@transaction.atomic
def delete_meeting(viewer: Viewer, pk: UUID, *, reason: str) -> Interaction:
    """Ask for a meeting's deletion, or confirm it; what was said in it goes with it."""
    meeting = MEETINGS.delete(viewer, pk, reason=reason)
    reconcile_readings(viewer, meeting)
    if meeting.state == DELETED:
        gone = {"state": DELETED, "updated_at": timezone.now()}
        FollowUp.objects.filter(Q(interaction=meeting) | Q(claim__interaction=meeting)).update(
            **gone
        )
        Claim.objects.filter(interaction=meeting).update(**gone)
    return meeting
