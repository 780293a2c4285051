"""What a saved meeting touched: its dossiers, and the score before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.access import Viewer
from engagements.access import dossiers_visible_to
from engagements.models import Dossier, Interaction
from engagements.selectors.scores import SCORE_TOPIC
from engagements.selectors.touched import dossiers_touched
from records.jobs import failed_jobs
from scorecards.models import Publication, ScoreSnapshot, Standing
from scorecards.models.snapshots import SUCCESS_FACTORS


@dataclass(frozen=True)
class Effect:
    """One dossier's score at the viewer's clearance: as it was, and as it is now.

    `state`: current, pending or failed. `before` and `after` are None where there is not enough
    evidence; `moved` is True once a score computed because of this meeting is out.
    """

    dossier: Dossier
    state: str
    before: float | None
    after: float | None
    moved: bool
    as_of: date | None


def effects_of(viewer: Viewer, meeting: Interaction) -> list[Effect]:
    """The dossiers that the meeting touched, GEN first, each with what became of its score."""
    rows = dossiers_visible_to(viewer).filter(pk__in=dossiers_touched(meeting))
    dossiers = list(rows.order_by("norm").select_related("engagement__armed_group"))
    dossiers.sort(key=lambda row: row.norm != "GEN")
    clearance = viewer.clearance(meeting.context_id)
    standings = {
        row.dossier_id: row
        for row in Standing.objects.filter(
            dossier__in=dossiers, clearance=clearance
        ).select_related("success_factors")
    }
    failed = failed_jobs(SCORE_TOPIC, [str(row.pk) for row in dossiers])
    earlier = _before(dossiers, clearance, meeting)
    return [
        _effect(row, standings[row.pk], str(row.pk) in failed, earlier.get(row.pk))
        for row in dossiers
        if row.pk in standings
    ]


def _before(
    dossiers: list[Dossier], clearance: int, meeting: Interaction
) -> dict[object, ScoreSnapshot | None]:
    """Dossier -> the score that stood before this meeting's own; absent if it moved none yet."""
    found: dict[object, ScoreSnapshot | None] = {}
    for dossier in dossiers:
        rows = Publication.objects.filter(
            dossier=dossier, kind=SUCCESS_FACTORS, clearance=clearance
        ).select_related("snapshot")
        newest = list(rows[:2])
        if newest and newest[0].because_record == meeting.pk:
            found[dossier.pk] = newest[1].snapshot if len(newest) == 2 else None
    return found


_NOT_MOVED = object()


def _effect(
    dossier: Dossier, standing: Standing, failed: bool, earlier: object = _NOT_MOVED
) -> Effect:
    now: ScoreSnapshot | None = standing.success_factors
    state = "current" if not standing.is_behind else "failed" if failed else "pending"
    return Effect(
        dossier=dossier,
        state=state,
        before=earlier.value if isinstance(earlier, ScoreSnapshot) else None,
        after=now.value if now else None,
        moved=state == "current" and earlier is not _NOT_MOVED,
        as_of=now.as_of if now else None,
    )
