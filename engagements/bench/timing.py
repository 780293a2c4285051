"""Time two ways of doing the same, turn by turn, so that a busy machine is busy for both."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

WARM_UP, ROUNDS = 5, 60


class Pair(NamedTuple):
    """Medians in seconds; `drift` is how far raw moved between the first and last third."""

    raw: float
    product: float
    drift: float

    @property
    def ratio(self) -> float:
        return self.product / self.raw


def seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def alternately(
    raw: Callable[[], object], product: Callable[[], object], *, rounds: int = ROUNDS
) -> Pair:
    for _ in range(WARM_UP):
        raw()
        product()
    turns = [(seconds(raw), seconds(product)) for _ in range(rounds)]
    raws = [turn[0] for turn in turns]
    third = max(1, rounds // 3)
    first, last = median(raws[:third]), median(raws[-third:])
    return Pair(median(raws), median(turn[1] for turn in turns), abs(last - first) / first)
