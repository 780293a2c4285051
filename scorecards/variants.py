"""What-if and sensitivity as the API shows them: names and rounding, as in `results`."""

from __future__ import annotations

from typing import Any

from scorecards.rounding import rounded
from scorecards.scoring.card_sensitivity import CardOutcome, CardSensitivity, CardVariant
from scorecards.scoring.conduciveness import Conduciveness
from scorecards.scoring.draws import Spread
from scorecards.scoring.sensitivity import DrawnWeights, Outcome, Sensitivity, Variant
from scorecards.scoring.what_if import relative_likelihood


def spread_result(spread: Spread) -> dict[str, Any]:
    return {
        "draws": spread.draws,
        "seed": spread.seed,
        "p5": rounded(spread.p5),
        "p50": rounded(spread.p50),
        "p95": rounded(spread.p95),
        "above_50": rounded(spread.above),
        "histogram": list(spread.histogram),
    }


def before_result(score: Conduciveness, spread: Spread) -> dict[str, Any]:
    """The headline and the means of a score that something is compared with."""
    return {
        "means": {part.factor: rounded(part.mean) for part in score.factors},
        "score": rounded(score.score),
        "sd": rounded(score.sd),
        "low": rounded(score.low),
        "high": rounded(score.high),
        "direction": score.direction,
        **likelihood_result(score),
        "spread": spread_result(spread),
    }


def likelihood_result(score: Conduciveness) -> dict[str, Any]:
    """Never without its label: it is no forecast."""
    return {
        "relative_likelihood": {
            "value": rounded(relative_likelihood(score.score)),
            "label": "relative likelihood, no time horizon",
        }
    }


def sensitivity_result(found: Sensitivity) -> dict[str, Any]:
    """The sensitivity of the success factors as the API shows it."""
    return {
        "blocked": found.blocked,
        "conclusion": _conclusion(found.base.direction, found),
        "base": _outcome(found.base),
        "leave_one_out": [
            {
                "factor": one.factor,
                "bundle": one.bundle,
                "weight": rounded(one.weight),
                "effect": rounded(one.effect),
                **_outcome(one.outcome),
            }
            for one in found.left_out
        ],
        "weights": _drawn_weights(found.weights),
        "kappa": [_variant(one) for one in found.kappa],
        "half_lives": [_variant(one) for one in found.half_lives],
        "rho": [_variant(one) for one in found.rho],
        "form": {
            "arithmetic": rounded(found.base.score),
            "geometric": rounded(found.geometric),
        },
    }


def card_sensitivity_result(found: CardSensitivity) -> dict[str, Any]:
    """The sensitivity of the scorecard as the API shows it."""
    return {
        "conclusion": _conclusion(found.base.reading, found),
        "base": _card_outcome(found.base),
        "leave_one_out": [
            {
                "criterion": one.criterion,
                "dimension": one.dimension,
                "effect": rounded(one.effect),
                **_card_outcome(one.outcome),
            }
            for one in found.left_out
        ],
        "weights": found.weights and _drawn_weights(found.weights),
        "half_lives": [_card_variant(one) for one in found.half_lives],
        "slack": [_card_variant(one) for one in found.slack],
        "form": {
            "arithmetic": rounded(found.arithmetic),
            "geometric": rounded(found.base.index),
        },
    }


def _conclusion(word: str | None, found: Sensitivity | CardSensitivity) -> dict[str, Any]:
    """The word, whether it holds, and every variant in which it is another."""
    changes = [
        {"turned": turned, "to": rounded(to) if isinstance(to, float) else to}
        for turned, to in found.changes
    ]
    return {"word": word, "holds": found.holds, "changes": changes}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "score": rounded(outcome.score),
        "sd": rounded(outcome.sd),
        "low": rounded(outcome.low),
        "high": rounded(outcome.high),
        "direction": outcome.direction,
    }


def _variant(one: Variant) -> dict[str, Any]:
    return {"value": rounded(one.value), "in_force": one.in_force, **_outcome(one.outcome)}


def _card_outcome(outcome: CardOutcome) -> dict[str, Any]:
    return {
        "index": rounded(outcome.index),
        "index_low": rounded(outcome.low),
        "index_high": rounded(outcome.high),
        "reading": outcome.reading,
    }


def _card_variant(one: CardVariant) -> dict[str, Any]:
    return {"value": rounded(one.value), "in_force": one.in_force, **_card_outcome(one.outcome)}


def _drawn_weights(found: DrawnWeights) -> dict[str, Any]:
    return {
        "draws": found.draws,
        "seed": found.seed,
        "concentration": rounded(found.concentration),
        "p5": rounded(found.p5),
        "p50": rounded(found.p50),
        "p95": rounded(found.p95),
        "share_changed": rounded(found.changed),
    }
