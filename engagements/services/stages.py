"""Confirm a rise on the stage ladder: stages 4 to 6 need a second person (section 2.6)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import Viewer, may_in
from engagements.models import Dossier
from engagements.selectors.facts import dossier_facts
from engagements.services.staleness import mark_stale
from scorecards.models import StageMove
from scorecards.models.stages import MADE, PROPOSED
from scorecards.scoring.gates import Known
from scorecards.scoring.moves import rise
from scorecards.services.snapshots import lock_standings
from scorecards.services.weights import active_weight_set, method_of

LONGEST = 4000
NOTHING_WAITS = "No rise of this dossier waits for confirmation."
OWN_WORK = "The rise rests on your own assessment. Ask a second person to confirm it."
NO_LONGER = "The conditions no longer hold. The proposal leaves with the next recompute."


@transaction.atomic
def confirm_rise(viewer: Viewer, dossier: Dossier, *, note: str = "") -> StageMove:
    """Let the proposed rise count from today. The act of a head who did not write the assessment;
    its reviewer may. Raises PermissionDenied, ValidationError (by field).
    """
    if not may_in(viewer, "a", StageMove.kind, dossier.context_id, level=dossier.level):
        raise PermissionDenied
    if len(note) > LONGEST:
        raise ValidationError({"note": f"Keep this under {LONGEST} characters."})
    lock_standings([dossier.pk])  # as the scorer does, before it makes or drops a proposal
    known = _known(viewer, dossier)
    move = _proposed(known)
    if viewer.user is None or move.author_id == viewer.user.pk:
        raise PermissionDenied(OWN_WORK)
    _require_due(known, move)
    move.progress, move.moved_on, move.made_at = MADE, timezone.localdate(), timezone.now()
    move.confirmed_by, move.confirmed_on = viewer.user, move.moved_on
    move.note = note.strip()
    move.updated_at, move.version = move.made_at, move.version + 1
    move.save()
    mark_stale([dossier.pk], level=_shown_from(known, move), because=(move.kind, move.pk))
    return move


def _proposed(known: Known) -> StageMove:
    """The proposal that the viewer's own score shows: nothing above their clearance."""
    ids = [row.source.id for row in known.facts.moves if row.proposed]
    rows = StageMove.objects.select_for_update(of=("self",))
    move = rows.filter(pk__in=ids, progress=PROPOSED).order_by("-made_at", "-pk").first()
    if move is None:
        raise ValidationError({"stage": NOTHING_WAITS})
    return move


def _shown_from(known: Known, move: StageMove) -> int:
    """The clearance from which the move counts: its evidence may have been raised since."""
    return next(row.level for row in known.facts.moves if row.source.id == str(move.pk))


def _require_due(known: Known, move: StageMove) -> None:
    still = rise(known)
    if still is None or (still.before, still.after) != (move.before, move.after):
        raise ValidationError({"stage": NO_LONGER})


def _known(viewer: Viewer, dossier: Dossier) -> Known:
    """What the viewer may know of the dossier today."""
    facts = dossier_facts(dossier).at_clearance(viewer.clearance(dossier.context_id))
    return Known(facts, timezone.localdate(), method_of(active_weight_set()))
