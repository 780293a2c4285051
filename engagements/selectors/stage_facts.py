"""What the stage ladder reads besides the scorecard: mandates, the stage before a split, moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from actors.models import ContextFact, Lineage
from engagements.models import Commitment, Dossier, Incident, Interaction, Participant
from records.models.records import CURRENT
from scorecards.models import Assessment, StageMove
from scorecards.models.stages import LAPSED, PROPOSED
from scorecards.scoring.facts import CLEARANCES, InheritedFact, MandateFact, Source, StageMoveFact
from scorecards.scoring.stages import standing
from scorecards.scoring.violations import COUNTED, ORDERED


def mandate_facts(fed_by: QuerySet[Interaction]) -> Iterator[MandateFact]:
    """Who spoke with a mandate: seen where both the meeting and the counterpart may be read."""
    rows = Participant.objects.filter(interaction__in=fed_by.values("pk")).exclude(mandate="")
    named = ("interaction", "mandate", "interaction__level", "counterpart__level")
    for meeting, mandate, level, of_counterpart in rows.order_by().values_list(*named):
        source = Source("interaction", str(meeting))
        yield MandateFact(str(meeting), mandate, max(level, of_counterpart), source)


def inherited_facts(dossier: Dossier) -> Iterator[InheritedFact]:
    """Where the group that this one split from stood on that day, on the same topic and with the
    same NGO in the same context; one for each clearance from which it stood elsewhere.
    """
    engagement = dossier.engagement
    ties: Any = Lineage.objects.filter(
        group=engagement.armed_group_id, relation="split_from"
    ).order_by()
    split = {tie.other_id: tie.begun for tie in ties}
    if not split:
        return
    parents = Dossier.objects.filter(
        engagement__armed_group__in=split,
        engagement__ngo=engagement.ngo_id,
        context=dossier.context_id,
        norm=dossier.norm,
        state=CURRENT,
    ).select_related("engagement")
    for parent in parents:
        begun = split[parent.engagement.armed_group_id]
        day = begun.middle if begun else dossier.opened_on
        moves, before = tuple(move_facts(parent)), 0
        for level in range(parent.level, max(CLEARANCES) + 1):
            seen = [row for row in moves if row.level <= level]
            stage = standing(seen, day).level
            if stage != before:
                yield InheritedFact(stage, day, level, Source("dossier", str(parent.pk)))
            before = stage


def move_facts(dossier: Dossier, by: datetime | None = None) -> list[StageMoveFact]:
    """The dossier's moves and proposals (by a moment). A move has the highest level of its evidence
    of today.
    """
    rows = (
        StageMove.objects.filter(dossier=dossier, state=CURRENT)
        .exclude(progress=LAPSED)
        .select_related("assessment")
        .prefetch_related("evidence")
        .defer("note")
        .order_by("made_at", "pk")
    )
    if by is not None:
        rows = rows.filter(made_at__lte=by)
    found: dict[UUID, StageMoveFact] = {}
    records = _records([link for row in rows for link in row.evidence.all()])
    for row in rows:
        found[row.pk] = _move(row, records, found)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Record:
    """A record behind a move as it stands today."""

    level: int
    stands: bool
    not_for: frozenset[str] = frozenset()

    def speaks_for(self, gate: str) -> bool:
        return self.stands and gate not in self.not_for


Key = tuple[str, UUID]


def _move(
    row: Any, records: Mapping[Key, _Record], earlier: Mapping[UUID, StageMoveFact]
) -> StageMoveFact:
    by_gate: dict[str, list[_Record]] = {}
    for link in row.evidence.all():
        by_gate.setdefault(link.gate, []).append(_record(link, records, earlier))
    levels = [one.level for of_gate in by_gate.values() for one in of_gate]
    gone = any(
        not any(one.speaks_for(gate) for one in of_gate) for gate, of_gate in by_gate.items()
    )
    assessment = row.assessment
    return StageMoveFact(
        before=row.before,
        after=row.after,
        reason=row.reason,
        proposed=row.progress == PROPOSED,
        moved_on=row.moved_on,
        made_at=row.made_at.isoformat(),
        finalised=assessment and assessment.finalised_at.isoformat(),
        void=gone,
        level=max([row.level, *levels]),
        source=Source(StageMove.kind, str(row.pk)),
        behind=tuple((link.gate, link.kind, str(link.record)) for link in row.evidence.all()),
    )


def _record(
    link: Any, records: Mapping[Key, _Record], earlier: Mapping[UUID, StageMoveFact]
) -> _Record:
    if link.kind == StageMove.kind:
        before = earlier.get(link.record)
        # The fall that follows a withdrawal stands as long as the earlier move lacks its evidence.
        return _Record(before.level if before else 1, before is not None and not before.void)
    return records.get((link.kind, link.record), _Record(1, stands=False))


def _records(links: Iterable[Any]) -> dict[Key, _Record]:
    """Level and state of the records behind moves: one query per kind.

    An assessment has no say by its own level: its ratings and answers have theirs.
    """
    wanted: dict[str, set[UUID]] = {}
    for link in links:
        wanted.setdefault(link.kind, set()).add(link.record)
    return {
        (kind, pk): _Record(1 if kind == Assessment.kind else level, state == CURRENT, not_for)
        for kind, ids in sorted(wanted.items())
        if kind in _MODELS
        for pk, level, state, not_for in _states(kind, ids)
    }


def _states(kind: str, ids: set[UUID]) -> Iterator[tuple[UUID, int, str, frozenset[str]]]:
    """Id, level and state of these records, and the conditions that each no longer speaks for."""
    rows: Any = _MODELS[kind]._default_manager.filter(pk__in=ids).order_by()
    if kind != Incident.kind:
        for pk, level, state in rows.values_list("pk", "level", "state"):
            yield pk, level, state, frozenset()
        return
    named = ("pk", "level", "state", "standard", "attribution")
    for pk, level, state, standard, attribution in rows.values_list(*named):
        yield pk, level, state, _not_shown_by(standard, attribution)


def _not_shown_by(standard: str, attribution: str) -> frozenset[str]:
    """A refuted or merely alleged incident is evidence of no breach any more."""
    if standard not in COUNTED:
        return frozenset({PATTERN, ORDERED_BREACH})
    return frozenset() if attribution == ORDERED else frozenset({ORDERED_BREACH})


PATTERN, ORDERED_BREACH = "pattern", "ordered_breach"
_MODELS: dict[str, Any] = {
    model.kind: model
    for model in (Assessment, Commitment, ContextFact, Dossier, Incident, Interaction)
}
