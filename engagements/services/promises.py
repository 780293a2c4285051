"""Settle promises, and close what was to be done."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.access import Viewer
from engagements.details import CODES
from engagements.models import Claim, Interaction
from engagements.selectors.touched import dossiers_touched
from engagements.services.staleness import mark_stale
from records.versions import keep_version


def settle_claim(viewer: Viewer, claim: Claim, state: str, *, by: Interaction | None) -> Claim:
    """Say what became of a claim: kept, broken or unclear, by the meeting that showed it, or open
    again. It takes at least the level of that meeting: it quotes it. Call in a transaction.
    """
    if state not in CODES["claim_states"]:
        raise ValidationError({"state": "Choose open, kept, broken or unclear."})
    if state in ("kept", "broken") and by is None:
        raise ValidationError({"settled_by": "Say which meeting showed it."})
    old_level = claim.level
    settled_by = claim.settled_by_id and str(claim.settled_by_id)
    body = {"state": claim.settlement, "settled_by": settled_by}
    keep_version(claim, body=body, words={}, by=viewer.user)
    claim.settlement = state
    claim.settled_by = None if state == "open" else by
    claim.level = max(claim.level, by.level if by and state != "open" else 1)
    claim.updated_at = timezone.now()
    claim.save()
    mark_stale(dossiers_touched(claim.interaction), level=old_level, because=("claim", claim.pk))
    return claim
