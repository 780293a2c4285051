"""Where dossiers of the sample were placed on the ladder before the register was kept.

Everything after that is moved by the ordinary rules, quarter by quarter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from engagements.models import Dossier
from engagements.samples.meetings import store
from engagements.samples.seed import fixed_id, noon
from scorecards.models import StageMove, StageMoveEvidence

Record = tuple[str, UUID]  # kind and id


def place(
    dossier: Dossier, stage: int, on: date, note: str, rests_on: Iterable[Record] = ()
) -> None:
    """A placing by hand, from sources: provisional until an assessment moves the dossier on."""
    move = StageMove(
        pk=fixed_id("stage move", dossier.pk),
        dossier=dossier,
        context_id=dossier.context_id,
        level=dossier.level,
        before=0,
        after=stage,
        reason="placed",
        moved_on=on,
        made_at=noon(on),
        author_id=fixed_id("user", "amina"),
        created_by_id=fixed_id("user", "amina"),
        created_at=noon(on),
        updated_at=noon(on),
    )
    move.note = note
    rows = [
        StageMoveEvidence(move=move, gate="sources", kind=kind, record=pk) for kind, pk in rests_on
    ]
    store([move, *rows])
