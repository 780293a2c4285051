"""The rows of the table. `measure` runs those asked for, on the register of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from engagements.bench.bars import Figure


@dataclass(frozen=True)
class Here:
    """What a row is told: the engine of this process, and servers where it may start its own."""

    engine: str
    size: str
    postgres: str
    redis: str


Row = Callable[[Here], Iterator[Figure]]
MODULES = (
    "lists", "creating", "recomputing", "loop", "burst", "weights", "starting", "contention",
)  # fmt: skip
_rows: dict[int, list[Row]] = {}


def row(*numbers: int) -> Callable[[Row], Row]:
    """Mark a function as the measurement of these rows of the table."""

    def keep(function: Row) -> Row:
        for number in numbers:
            _rows.setdefault(number, []).append(function)
        return function

    return keep


def all_rows() -> dict[int, list[Row]]:
    for module in MODULES:
        import_module(f"engagements.bench.rows.{module}")
    return dict(sorted(_rows.items()))


def measure(here: Here, numbers: list[int]) -> Iterator[Figure]:
    """Each function once, in the order of its first row."""
    wanted = [function for number in numbers for function in all_rows().get(number, [])]
    for function in dict.fromkeys(wanted):
        yield from function(here)
