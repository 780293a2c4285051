"""Raise by hand what stands in the way of a score, and lift any that stands."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import Viewer, may_in
from engagements.details import CODES
from engagements.models import Blocker, Dossier
from engagements.selectors.facts import dossier_facts
from engagements.services.changes import Noun, text
from engagements.services.levels import level_for_new
from records.versions import require_version
from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.facts import DossierFacts, Source
from scorecards.services.weights import active_weight_set, method_of

LONGEST = 4000
BY_HAND = frozenset(CODES["blocker_reasons"].having("by_hand"))
NOT_STANDING = "No such blocker stands on this dossier."


def _said(blocker: Blocker) -> tuple[dict[str, Any], dict[str, Any]]:
    body = {
        "dossier": str(blocker.dossier_id),
        "reason": blocker.reason,
        "raised_on": text(blocker.raised_on),
        "raised_by": text(blocker.raised_by_id),
        "lifted_on": text(blocker.lifted_on),
        "lifted_by": text(blocker.lifted_by_id),
    }
    return body, {"note": blocker.note}


BLOCKERS = Noun(
    Blocker, said=_said, touches=lambda blocker: [blocker.dossier_id], verb="a"
)  # only a head takes one back


@transaction.atomic
def raise_blocker(
    viewer: Viewer,
    dossier: Dossier,
    *,
    reason: str = "unsafe",
    raised_on: date | None = None,
    note: str,
    level: int | None = None,
    pk: UUID | None = None,
    digest: str = "",
) -> Blocker:
    """Say by hand that meetings cannot be made safe. Its level is the dossier's unless raised:
    who may see the score should see why it is held down.
    """
    if not may_in(viewer, "c", "blocker", dossier.context_id, level=dossier.level):
        raise PermissionDenied
    if reason not in BY_HAND:
        raise ValidationError({"reason": "This one stands by itself when the record says so."})
    day = _day("raised_on", raised_on)
    blocker = Blocker(
        pk=pk or uuid4(),
        dossier=dossier,
        context=dossier.context,
        reason=reason,
        raised_on=day,
        raised_by=viewer.user,
        note=_note(note),
        level=level_for_new(viewer, level, default=dossier.level, within=dossier),
        first_digest=digest,
        created_by=viewer.user,
    )
    blocker.save(force_insert=True)
    BLOCKERS.mark(blocker, [dossier.pk], level=blocker.level)
    return blocker


@transaction.atomic
def lift_blocker(
    viewer: Viewer,
    pk: UUID,
    *,
    note: str,
    lifted_on: date | None = None,
    version: int | None = None,
) -> Blocker:
    """Lift a blocker that was raised by hand. A head's act, with a note and a day."""
    blocker = BLOCKERS.locked(viewer, pk, "a")
    require_version(blocker, version)
    if blocker.raised_on is None or blocker.lifted_on is not None:
        raise ValidationError({"lifted_on": "This blocker is lifted already."})
    day = _day("lifted_on", lifted_on)
    if day < blocker.raised_on:
        raise ValidationError({"lifted_on": "It was raised after this day."})
    noted = _note(note)
    BLOCKERS.keep(viewer, blocker, noted)
    blocker.lifted_on, blocker.lifted_by, blocker.note = day, viewer.user, noted
    blocker.save()
    BLOCKERS.mark(blocker, [blocker.dossier_id], level=blocker.level)
    return blocker


@transaction.atomic
def lift_standing(
    viewer: Viewer,
    dossier: Dossier,
    reason: str,
    *,
    note: str,
    lifted_on: date | None = None,
    pk: UUID | None = None,
    digest: str = "",
) -> Blocker:
    """Lift a blocker that stands by itself (core aim, refusal, unlawful), as a head sees it.

    The lifting has the level of the record that raised it, so that nobody learns of the one from
    the other. A newer fact raises the blocker again.
    """
    if not may_in(viewer, "a", "blocker", dossier.context_id, level=dossier.level):
        raise PermissionDenied
    day, noted = _day("lifted_on", lifted_on), _note(note)
    blocker = Blocker(
        pk=pk or uuid4(),
        dossier=dossier,
        context=dossier.context,
        reason=reason,
        lifted_on=day,
        lifted_by=viewer.user,
        note=noted,
        level=_level_of_standing(viewer, dossier, reason, day),
        first_digest=digest,
        created_by=viewer.user,
    )
    blocker.save(force_insert=True)
    BLOCKERS.mark(blocker, [dossier.pk], level=blocker.level)
    return blocker


def _level_of_standing(viewer: Viewer, dossier: Dossier, reason: str, day: date) -> int:
    """The level of the fact behind the blocker that the viewer sees standing on that day."""
    seen = dossier_facts(dossier).at_clearance(viewer.clearance(dossier.context_id))
    score = conduciveness(seen, timezone.localdate(), method_of(active_weight_set()))
    for blocker in score.blockers:
        if blocker.reason == reason and not blocker.by_hand:
            if blocker.since is not None and day < blocker.since:
                raise ValidationError({"lifted_on": "What raised it happened after this day."})
            return max(dossier.level, dossier.context.floor, _level_of(blocker.source, seen))
    raise ValidationError({"reason": NOT_STANDING})


def _level_of(source: Source, facts: DossierFacts) -> int:
    rows: tuple[Any, ...] = (*facts.meetings, *facts.readings, *facts.states)
    level: int = min(row.level for row in rows if row.source == source)
    return level


def _day(field: str, day: date | None) -> date:
    if day is not None and day > timezone.localdate():
        raise ValidationError({field: "This day has not come yet."})
    return day or timezone.localdate()


def _note(note: str) -> str:
    if not note.strip():
        raise ValidationError({"note": "Say why, in a few words."})
    if len(note) > LONGEST:
        raise ValidationError({"note": f"Keep this under {LONGEST} characters."})
    return note.strip()
