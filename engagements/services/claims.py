"""What was said in a meeting, line by line: add, correct, settle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.access import Viewer, may_in
from engagements.details import CODES
from engagements.models import Claim, FollowUp, Interaction
from engagements.selectors.touched import dossiers_touched
from engagements.services.changes import Noun, check_words, raise_faults, text
from engagements.services.levels import level_after_change, level_for_new
from engagements.services.promises import settle_claim
from engagements.services.staleness import hold_scores
from records.versions import require_version

LONGEST = 4000
SAME_ENGAGEMENT = "Choose a meeting of the same engagement."

Fault = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class SaidContent:
    """One line of what was said, in the API's names (there `claim` is called `kind`)."""

    claim: str
    side: str
    text: str
    due_on: date | None = None
    basis: str = ""
    state: str = "open"
    settled_by: Interaction | None = None
    level: int | None = None


def said_content(claim: Claim) -> SaidContent:
    """What the stored claim says now."""
    return SaidContent(
        claim=claim.claim,
        side=claim.side,
        text=claim.text,
        due_on=claim.due_on,
        basis=claim.basis,
        state=claim.settlement,
        settled_by=claim.settled_by,
        level=claim.level,
    )


def _said(claim: Claim) -> tuple[dict[str, Any], dict[str, Any]]:
    body = {
        "interaction": str(claim.interaction_id),
        "claim": claim.claim,
        "side": claim.side,
        "due_on": text(claim.due_on),
        "basis": claim.basis,
        "settlement": claim.settlement,
        "settled_by": text(claim.settled_by_id),
    }
    return body, {"text": claim.text}


CLAIMS = Noun(Claim, said=_said, touches=lambda claim: dossiers_touched(claim.interaction))


@transaction.atomic
def record_claim(
    viewer: Viewer,
    meeting: Interaction,
    content: SaidContent,
    *,
    pk: UUID | None = None,
    digest: str = "",
) -> Claim:
    """Add a line to a stored meeting. Raises ValidationError (by field), PermissionDenied."""
    if not may_in(viewer, "c", "claim", meeting.context_id, level=meeting.level):
        raise PermissionDenied
    raise_faults(_faults(content))
    hold_scores(meeting.engagement_id)
    claim = Claim(
        pk=pk or uuid4(),
        interaction=meeting,
        context=meeting.context,
        level=level_for_new(viewer, content.level, default=meeting.level, within=meeting),
        first_digest=digest,
        created_by=viewer.user,
    )
    _write(claim, content)
    claim.save(force_insert=True)
    if content.state != "open":
        _settle(viewer, claim, content)
    CLAIMS.mark(claim, CLAIMS.touches(claim), level=claim.level)
    return claim


@transaction.atomic
def change_claim(
    viewer: Viewer, pk: UUID, content: SaidContent, *, version: int | None, reason: str = ""
) -> Claim:
    """Correct what was said, or settle it. Raises Http404, Conflict, ValidationError,
    PermissionDenied. What was said is its author's; anybody who may change settles it.
    """
    claim = CLAIMS.locked(viewer, pk, "u")
    require_version(claim, version)
    raise_faults(_faults(content))
    check_words(viewer, claim, changed=_words(claim) != _words(content), reason=reason)
    old_level = claim.level
    level = level_after_change(
        viewer, claim, content.level, within=claim.interaction, reason=reason
    )
    hold_scores(claim.interaction.engagement_id)
    if _rest(claim) != _rest(content) or level != old_level:
        CLAIMS.keep(viewer, claim, reason)
        _write(claim, content)
        claim.level = level
        claim.save()
        _raise_what_follows(claim)
    if (claim.settlement, claim.settled_by) != (content.state, content.settled_by):
        _settle(viewer, claim, content)
    CLAIMS.mark(claim, CLAIMS.touches(claim), level=min(old_level, claim.level))
    return claim


@transaction.atomic
def settle(
    viewer: Viewer,
    pk: UUID,
    state: str,
    *,
    by: Interaction | None,
    version: int | None = None,
) -> Claim:
    """Say what became of a claim: kept, broken or unclear, and which meeting showed it; or open."""
    claim = CLAIMS.locked(viewer, pk, "u")
    require_version(claim, version)
    return _settled(viewer, claim, state, by)


def _settle(viewer: Viewer, claim: Claim, content: SaidContent) -> None:
    _settled(viewer, claim, content.state, content.settled_by)


def _settled(viewer: Viewer, claim: Claim, state: str, by: Interaction | None) -> Claim:
    if by is not None and by.engagement_id != claim.interaction.engagement_id:
        raise ValidationError({"settled_by": SAME_ENGAGEMENT})
    if state == "open" and by is not None:
        raise ValidationError({"settled_by": "An open claim was settled by no meeting."})
    settled = settle_claim(viewer, claim, state, by=by)
    _raise_what_follows(settled)
    return settled


def _raise_what_follows(claim: Claim) -> None:
    """A follow-up of a claim is at least as confidential as the claim."""
    FollowUp.objects.filter(claim=claim, level__lt=claim.level).update(
        level=claim.level, updated_at=claim.updated_at
    )


def _write(claim: Claim, content: SaidContent) -> None:
    claim.claim = content.claim
    claim.side = content.side
    claim.text = content.text
    claim.due_on = content.due_on
    claim.basis = content.basis


def _words(said: Claim | SaidContent) -> tuple[str, str, str]:
    return said.claim, said.side, said.text


def _rest(said: Claim | SaidContent) -> tuple[Any, ...]:
    return (*_words(said), said.due_on, said.basis)


def _faults(content: SaidContent) -> Iterator[Fault]:
    if content.claim not in CODES["claim_kinds"]:
        yield "kind", "Choose demand, offer, refusal, promise or fact."
    if content.side not in CODES["sides"]:
        yield "side", "Say whose it is: ours or theirs."
    if not content.text.strip():
        yield "text", "Say in one line what was said."
    if len(content.text) > LONGEST:
        yield "text", f"Keep this under {LONGEST} characters."
    if content.basis and content.basis not in CODES["knowledge_bases"]:
        yield "basis", "Choose told, seen or inferred."
    if content.state not in CODES["claim_states"]:
        yield "state", "Choose open, kept, broken or unclear."
