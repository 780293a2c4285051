"""What time does to a score that nobody touches (section 0): looked at daily, published only when
a rounded figure, or a word that depends on one, would read differently today.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from engagements.models import Dossier
from engagements.scorer import moved, rescore
from engagements.selectors.facts import dossier_facts
from records.jobs import was_asked
from scorecards.models import ScoreSnapshot, Standing, WeightSet
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS
from scorecards.scoring.digests import inputs_digests
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.method import ENGINE
from scorecards.services.snapshots import Computing, lock_standings, publish_all
from scorecards.services.weights import active_weight_set, method_of

Finding = Literal["same", "aged", "repaired", "asked"]
SCORE_TOPIC = "score"

log = logging.getLogger("parley.ageing")


@transaction.atomic
def look_again(dossier_id: UUID, *, as_of: date) -> Finding:
    """Bring one dossier up to the day, clearance by clearance, where that changes what is read.

    Also finds what nobody marked: a published score whose inputs are not today's facts, or that is
    behind without a recompute under way. That is repaired, and said in the log. "asked": a
    recompute is under way already.
    """
    standings = lock_standings([dossier_id])
    lost = any(row.is_behind for row in standings)
    if lost and was_asked(SCORE_TOPIC, str(dossier_id), undone=True):
        lost = False
    elif lost:
        rescore(dossier_id, as_of=as_of)
    settled = [row for row in standings if not row.is_behind]
    dossier = Dossier.objects.select_related("engagement__armed_group").get(pk=dossier_id)
    facts = dossier_facts(dossier)
    look = _Look(facts, as_of, active_weight_set())
    wrong, old = look.sorted_out(settled)
    later = moved(dossier, facts, settled, as_of=as_of, weight_set=look.weight_set)
    if later is not facts:  # a step on the ladder that time alone made due
        stepped, _ = _Look(later, as_of, look.weight_set).sorted_out(settled)
        facts, old = later, [row for row in {*stepped, *old} if row not in wrong]
    for rows, because in ((wrong, "check"), (old, "ageing")):
        if rows:
            publish_all(rows, facts, as_of=as_of, weight_set=look.weight_set, because=because)
    if wrong or lost:
        clearances = [row.clearance for row in wrong]
        log.warning(
            "dossier %s: scores that did not rest on today's facts were put right, %s",
            dossier_id,
            f"at clearances {clearances}" if clearances else "behind without a job",
        )
        return "repaired"
    if old:
        return "aged"
    return "same" if len(settled) == len(standings) else "asked"


class _Look:
    """Today's scores of one dossier, held against what is published."""

    def __init__(self, facts: DossierFacts, as_of: date, weight_set: WeightSet) -> None:
        self.facts, self.weight_set = facts, weight_set
        self._digests = inputs_digests(facts)
        self._compute = Computing(facts, as_of, method_of(weight_set))
        self._faces: dict[tuple[str, str], Any] = {}

    def sorted_out(self, standings: list[Standing]) -> tuple[list[Standing], list[Standing]]:
        """Those that rest on other facts or another method, and those that only grew older."""
        ids = [pk for row in standings for pk in (row.scorecard_id, row.success_factors_id) if pk]
        published = ScoreSnapshot.objects.in_bulk(ids)
        wrong, old = [], []
        for row in standings:
            pair = [
                (SCORECARD, published.get(row.scorecard_id)),
                (SUCCESS_FACTORS, published.get(row.success_factors_id)),
            ]
            if any(not self._rests_on_today(row, kind, one) for kind, one in pair):
                wrong.append(row)
            elif any(one and self._face(row, kind) != face(kind, one.result) for kind, one in pair):
                old.append(row)
        return wrong, old

    def _rests_on_today(self, row: Standing, kind: str, one: ScoreSnapshot | None) -> bool:
        return (
            one is not None
            and one.inputs_digest == self._digest(row, kind)
            and one.weight_set_id == self.weight_set.pk
            and one.engine == ENGINE
        )

    def _digest(self, row: Standing, kind: str) -> str:
        digests = self._digests[row.clearance]
        return digests.integration if kind == SCORECARD else digests.conduciveness

    def _face(self, row: Standing, kind: str) -> Any:
        key = (kind, self._digest(row, kind))
        if key not in self._faces:
            seen = self.facts.at_clearance(row.clearance)
            result = self._compute(kind, seen, row.clearance)["result"]
            self._faces[key] = face(kind, result)
        return self._faces[key]


def face(kind: str, result: Mapping[str, Any]) -> Any:
    """What a reader would notice of a result: the headline as it is rounded on the pages, and the
    words that hang on a limit (direction, blockers, coverage, stage, badge, pattern, trend).
    """
    if kind == SUCCESS_FACTORS:
        blocked = sorted(blocker["reason"] for blocker in result["blockers"])
        return _tenths(result["score"]), result["direction"], blocked
    standings = {code: one["standing"] for code, one in result["dimensions"].items()}
    # Scores that were published before there was a ladder have a stage without flags.
    stage, violations = result["stage"], result["violations"]
    return (
        _tenths(result["index"]),
        standings,
        (stage["level"], stage.get("flags"), stage.get("proposed")),
        result["commitment"]["badge"],
        violations["pattern"],
        # Scores that were published before trends were worked out have neither.
        violations.get("overall", {}).get("trend"),
        violations.get("reading"),
    )


def _tenths(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def counted(findings: Iterable[Finding]) -> dict[Finding, int]:
    """How many of each, every kind named."""
    counts: dict[Finding, int] = {"same": 0, "aged": 0, "repaired": 0, "asked": 0}
    for finding in findings:
        counts[finding] += 1
    return counts
