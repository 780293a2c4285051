"""What is to be done after a meeting: note it, close it with a note, drop it, open it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import Viewer, may_in, readers_of
from accounts.models import User
from engagements.details import CODES
from engagements.models import Claim, FollowUp, Interaction
from engagements.selectors.touched import dossiers_touched
from engagements.services.changes import Noun, raise_faults, text
from engagements.services.levels import level_after_change, level_for_new
from records.versions import require_version

LONGEST = 4000
TEXTS = ("what", "who", "done_note")

Fault = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class FollowUpContent:
    """A thing to do, in the API's names. It follows a meeting, or a claim made in one."""

    interaction: Interaction | None = None
    claim: Claim | None = None
    what: str
    who: str = ""
    side: str = "ours"
    owner: User | None = None
    due_on: date | None = None
    state: str = "open"
    done_on: date | None = None
    done_note: str = ""
    level: int | None = None

    @property
    def follows(self) -> Claim | Interaction | None:
        return self.claim or self.interaction


def follow_up_content(row: FollowUp) -> FollowUpContent:
    """What the stored follow-up says now."""
    return FollowUpContent(
        interaction=row.interaction,
        claim=row.claim,
        what=row.what,
        who=row.who,
        side=row.side,
        owner=row.owner,
        due_on=row.due_on,
        state=row.progress,
        done_on=row.done_on,
        done_note=row.done_note,
        level=row.level,
    )


def _said(row: FollowUp) -> tuple[dict[str, Any], dict[str, Any]]:
    body = {
        "interaction": text(row.interaction_id),
        "claim": text(row.claim_id),
        "side": row.side,
        "owner": text(row.owner_id),
        "due_on": text(row.due_on),
        "progress": row.progress,
        "done_on": text(row.done_on),
    }
    return body, {name: getattr(row, name) for name in TEXTS}


def _touches(row: FollowUp) -> Iterable[UUID]:
    """Next steps with a date feed QI6; the follow-up of a claim is not another promise."""
    if row.claim_id is not None or row.interaction is None:
        return ()
    return dossiers_touched(row.interaction)


FOLLOW_UPS = Noun(FollowUp, said=_said, touches=_touches)


@transaction.atomic
def record_follow_up(
    viewer: Viewer, content: FollowUpContent, *, pk: UUID | None = None, digest: str = ""
) -> FollowUp:
    """Note something to do. Raises ValidationError (by field), PermissionDenied."""
    follows = content.follows
    if follows is None:
        raise ValidationError({"interaction": "Say which meeting or claim this follows."})
    if not may_in(viewer, "c", "follow_up", follows.context_id, level=follows.level):
        raise PermissionDenied
    content = replace(content, owner=content.owner or _first_owner(viewer, content))
    level = level_for_new(viewer, content.level, default=follows.level, within=follows)
    raise_faults([*_faults(content), *_owner_faults(content.owner, follows, level)])
    row = FollowUp(
        pk=pk or uuid4(),
        interaction=content.interaction,
        claim=content.claim,
        context=follows.context,
        level=level,
        first_digest=digest,
        created_by=viewer.user,
    )
    _write(row, content)
    row.save(force_insert=True)
    FOLLOW_UPS.mark(row, _touches(row), level=row.level)
    return row


@transaction.atomic
def change_follow_up(
    viewer: Viewer, pk: UUID, content: FollowUpContent, *, version: int | None, reason: str = ""
) -> FollowUp:
    """Change or close a follow-up. Raises Http404, Conflict, ValidationError, PermissionDenied."""
    row = FOLLOW_UPS.locked(viewer, pk, "u")
    require_version(row, version)
    stored = follow_up_content(row)
    if (content.interaction, content.claim) != (stored.interaction, stored.claim):
        raise ValidationError({"interaction": "A follow-up stays with what it follows."})
    follows: Any = stored.follows
    level = level_after_change(viewer, row, content.level, within=follows, reason=reason)
    new_owner = content.owner if content.owner != stored.owner else None
    raise_faults([*_faults(content), *_owner_faults(new_owner, follows, level)])
    old_level = row.level
    FOLLOW_UPS.keep(viewer, row, reason)
    _write(row, content)
    row.level = level
    row.save()
    FOLLOW_UPS.mark(row, _touches(row), level=min(old_level, level))
    return row


@transaction.atomic
def close_follow_up(
    viewer: Viewer,
    pk: UUID,
    *,
    done_note: str,
    done_on: date | None = None,
    version: int | None = None,
) -> FollowUp:
    """Done: with a note on what was done and on which day (today if not said)."""
    row = FOLLOW_UPS.locked(viewer, pk, "u")
    content = replace(follow_up_content(row), state="done", done_note=done_note, done_on=done_on)
    return change_follow_up(viewer, pk, content, version=version)


@transaction.atomic
def drop_follow_up(
    viewer: Viewer, pk: UUID, *, done_note: str = "", version: int | None = None
) -> FollowUp:
    """It will not be done. If it had a date, it counts as not kept."""
    row = FOLLOW_UPS.locked(viewer, pk, "u")
    content = replace(follow_up_content(row), state="dropped", done_note=done_note)
    return change_follow_up(viewer, pk, content, version=version)


@transaction.atomic
def reopen_follow_up(viewer: Viewer, pk: UUID, *, version: int | None = None) -> FollowUp:
    """Open again; what was noted at closing stays in the earlier version."""
    row = FOLLOW_UPS.locked(viewer, pk, "u")
    content = replace(follow_up_content(row), state="open", done_note="")
    return change_follow_up(viewer, pk, content, version=version)


def _first_owner(viewer: Viewer, content: FollowUpContent) -> User | None:
    return viewer.user if content.side == "ours" else None


def _write(row: FollowUp, content: FollowUpContent) -> None:
    row.what, row.who = content.what, content.who
    row.side, row.owner = content.side, content.owner
    row.due_on, row.progress = content.due_on, content.state
    row.done_on = (content.done_on or timezone.localdate()) if content.state == "done" else None
    row.done_note = content.done_note


def _faults(content: FollowUpContent) -> Iterator[Fault]:
    if not content.what.strip():
        yield "what", "Say what is to be done."
    for name in TEXTS:
        if len(getattr(content, name)) > LONGEST:
            yield name, f"Keep this under {LONGEST} characters."
    if content.side not in CODES["sides"]:
        yield "side", "Say whose it is: ours or theirs."
    if content.state not in CODES["follow_up_states"]:
        yield "state", "Choose open, done or dropped."
    if content.state == "done" and not content.done_note.strip():
        yield "done_note", "Say what was done: a follow-up is closed with a note."
    if content.state == "done" and (content.done_on or date.min) > timezone.localdate():
        yield "done_on", "This day has not come yet."


def _owner_faults(owner: User | None, follows: Claim | Interaction, level: int) -> Iterator[Fault]:
    """Whoever is to do it must be able to read it."""
    if owner is None:
        return
    readers = {user.pk for user, _ in readers_of(follows.context_id, level, "follow_up")}
    if owner.pk not in readers:
        yield "owner", "Choose somebody who works in this context and may read this."
