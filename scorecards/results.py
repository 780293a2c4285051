"""The computed part of the API's answers, from the method's results: names and rounding.

Numbers are rounded to 4 decimals here and nowhere before; evidence rows stay unrounded.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from scorecards.rounding import rounded
from scorecards.scoring.beside import badge_of
from scorecards.scoring.conduciveness import Blocker, Conduciveness, FactorPart
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.gates import Known
from scorecards.scoring.integration import Block, Dimension, Integration
from scorecards.scoring.method import CORE, Method
from scorecards.scoring.stages import ladder
from scorecards.stages import stage_result
from scorecards.violations import violations_results


def scorecard_result(
    card: Integration, facts: DossierFacts, as_of: date, method: Method
) -> tuple[dict[str, Any], float | None]:
    """A scorecard as the API shows it, and its headline: the index, None if not available."""
    result: dict[str, Any] = {
        "dimensions": {code: _dimension(card.dimensions[code]) for code in CORE},
        "programme": _block(card.programme),
        "training_blocks": {code: _block(block) for code, block in card.training_blocks.items()},
        "index": rounded(card.index),
        "index_low": rounded(card.index_low),
        "index_high": rounded(card.index_high),
        "arithmetic_mean": rounded(card.arithmetic_mean),
        "minimum": rounded(card.minimum),
        "balance_penalty": rounded(card.balance_penalty),
        "stage": stage_result(ladder(Known(facts, as_of, method, scored=card))),
        "commitment": _commitment(facts, as_of),
        **violations_results(facts, as_of, card.index),
        "changed_by": {},
    }
    return result, card.index


def _block(block: Block) -> dict[str, Any]:
    return {
        "value": rounded(block.value),
        "coverage": rounded(block.coverage),
        "low": rounded(block.low),
        "high": rounded(block.high),
        "standing": block.standing,
    }


def _dimension(dimension: Dimension) -> dict[str, Any]:
    shown = _block(dimension)
    return shown | {"capped": rounded(dimension.capped), "bound_by": dimension.bound_by}


def conduciveness_result(score: Conduciveness) -> tuple[dict[str, Any], float | None]:
    """Success factors as the API shows them, and their headline: the score."""
    result = {
        "score": rounded(score.score),
        "sd": rounded(score.sd),
        "low": rounded(score.low),
        "high": rounded(score.high),
        "direction": score.direction,
        "uncapped": rounded(score.uncapped),
        "blocked": rounded(score.blocked),
        "blockers": [_blocker(blocker) for blocker in score.blockers],
        "bundles": {
            code: {"weight": rounded(part.weight), "contribution": rounded(part.contribution)}
            for code, part in score.bundles.items()
        },
        "factors": [_factor(part) for part in score.factors],
        "hypotheses": {code: rounded(value) for code, value in score.hypotheses.items()},
        "tension": score.tension
        and {
            "newness": rounded(score.tension.newness),
            "structure": rounded(score.tension.structure),
        },
        "facts": sum(part.evidence_count for part in score.factors),
    }
    return result, score.score


def _blocker(blocker: Blocker) -> dict[str, Any]:
    return {
        "reason": blocker.reason,
        "since": blocker.since and blocker.since.isoformat(),
        "by_hand": blocker.by_hand,
        "source": {"kind": blocker.source.kind, "id": blocker.source.id},
    }


def _factor(part: FactorPart) -> dict[str, Any]:
    return {
        "factor": part.factor,
        "bundle": part.bundle,
        "hypotheses": list(part.hypotheses),
        "kind": part.kind,
        "weight": rounded(part.weight),
        "mean": rounded(part.mean),
        "sd": rounded(part.sd),
        "contribution": rounded(part.contribution),
        "evidence_count": part.evidence_count,
        "newest_age": rounded(part.newest_age),
    }


def _commitment(facts: DossierFacts, as_of: date) -> dict[str, Any]:
    badge = badge_of(facts.commitments, as_of)
    return {"badge": badge.badge, "verification": badge.verification}
