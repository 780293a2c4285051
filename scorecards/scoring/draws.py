"""Random draws for what-if and sensitivity, by a fixed seed: the same input gives the same numbers.

Sections 3.3, 3.6 b and 5. Each factor and each purpose has a generator of its own, so that moving
one factor leaves the draws of all others as they were: what differs is the factor, not the dice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from scorecards.scoring.conduciveness import Conduciveness, FactorPart
from scorecards.scoring.method import ConducivenessRules, Method

SEED = 1949
DRAWS = 2000
BIN = 5
"""Width of a bar of the histogram, in points of the score."""

_BARS = 100 // BIN


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the score lies when every factor is drawn from its Beta; points, 0..100.

    `above` is the share of draws above 50, 0..1. `histogram` counts draws by bars of 5 points.
    """

    draws: int
    seed: int
    p5: float
    p50: float
    p95: float
    above: float
    histogram: tuple[int, ...]


def spread_of(score: Conduciveness, method: Method) -> Spread:
    """Draw the score's factors from Beta(a, b) and sum them up, capped as the score is (3.3, 5).

    The draws of two factors go together by rho, as in the formula of sd_S: one meeting feeds
    several factors. Each factor alone still follows its own Beta exactly.
    """
    rules = method.conduciveness
    top = rules.cap if score.blockers else 100.0
    weighted = [part for part in score.factors if part.weight]
    drawn = [_drawn(part, rules) for part in weighted]
    weights = [100 * part.weight for part in weighted]
    totals = sorted(
        min(math.fsum(map(float.__mul__, weights, values)), top)
        for values in zip(*drawn, strict=True)
    )
    return Spread(
        draws=DRAWS,
        seed=SEED,
        p5=percentile(totals, 0.05),
        p50=percentile(totals, 0.50),
        p95=percentile(totals, 0.95),
        above=sum(total > 50 for total in totals) / DRAWS,
        histogram=_histogram(totals),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share of sorted values lies, straight between neighbours.

    >>> percentile([10.0, 20.0, 30.0], 0.25)
    15.0
    """
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def dirichlet(
    shares: Mapping[str, float], concentration: float, draws: int, seed: int = SEED
) -> Iterator[dict[str, float]]:
    """Weights around these, which sum to 1: alpha_f = concentration x share (3.6 b)."""
    random = Random(f"{seed} weights")
    alphas = {code: concentration * share for code, share in shares.items() if share}
    for _ in range(draws):
        gammas = {code: random.gammavariate(alpha, 1.0) for code, alpha in alphas.items()}
        total = math.fsum(gammas.values())
        yield {code: gamma / total for code, gamma in gammas.items()}


def _drawn(part: FactorPart, rules: ConducivenessRules) -> list[float]:
    """Values of one factor, in the order that ties them to those of the others.

    Rank reordering (Iman and Conover 1982): the factor's own draws, sorted, take the ranks of
    normal values that share a part rho of their variance with every other factor's.
    """
    sample = beta_sample(part.factor, part.mean * part.strength, (1 - part.mean) * part.strength)
    values = [0.0] * DRAWS
    for place, value in zip(_order(part.factor, rules.rho), sample, strict=True):
        values[place] = value
    return values


@lru_cache(maxsize=128)
def beta_sample(code: str, a: float, b: float) -> tuple[float, ...]:
    """Sorted draws of one factor from Beta(a, b). At a mean of 0 or 1 there is nothing to draw.

    Kept for a while: while somebody moves one slider all other factors stay.
    """
    if a <= 0 or b <= 0:
        return (0.0 if a <= 0 else 1.0,) * DRAWS
    random = Random(f"{SEED} {code}")
    return tuple(sorted(random.betavariate(a, b) for _ in range(DRAWS)))


@lru_cache(maxsize=64)
def _order(code: str, rho: float) -> tuple[int, ...]:
    """The draws in the order of the factor's normal values, lowest first."""
    common, own = Random(f"{SEED} shared"), Random(f"{SEED} ranks {code}")
    shared, alone = math.sqrt(rho), math.sqrt(1 - rho)
    normal = [shared * common.gauss(0, 1) + alone * own.gauss(0, 1) for _ in range(DRAWS)]
    return tuple(sorted(range(DRAWS), key=normal.__getitem__))


def _histogram(totals: Sequence[float]) -> tuple[int, ...]:
    counts = [0] * _BARS
    for total in totals:
        counts[min(int(total // BIN), _BARS - 1)] += 1
    return tuple(counts)
