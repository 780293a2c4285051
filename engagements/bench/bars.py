"""The bars: what each figure must hold, and what a careful implementation was seen to reach."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

Verdict = Literal["met", "held", "not reached", "unusable"]
UNUSABLE_DRIFT = 0.30


@dataclass(frozen=True)
class Bar:
    """`hold` fails the run when it is passed, `aim` is the goal; less is better throughout."""

    row: int
    what: str
    unit: str
    hold: float
    aim: float


BARS = {
    bar: Bar(row, what, unit, hold, aim)
    for bar, row, what, unit, hold, aim in (
        ("statements", 8, "SQL statements of a list, sign-in included", "", 8, 4),
        ("unequal", 8, "lists whose statements grow with their rows", "lists", 0, 0),
        ("create", 15, "create with outbox row / the same rows by raw SQL", "x", 3, 2),
        ("recompute", 16, "recompute at all clearances / raw read of the evidence", "x", 4, 2),
        ("recompute_wall", 16, "recompute of a dossier of 48, wall", "ms", 30, 8),
        ("embedded", 17, "save to new score in the page, embedded, median", "s", 2, 0.5),
        ("server", 17, "save to new score in the page, idle worker, median", "s", 2, 0.5),
        ("burst_runs", 18, "recomputes for 1,000 meetings on 20 dossiers", "", 100, 40),
        ("burst_time", 18, "their computing time / one task for each meeting", "x", 0.2, 0.05),
        ("page", 22, "page of 50 meetings, compressed", "kB", 15, 8),
        ("first_load", 22, "all bytes of its first load, compressed", "kB", 100, 50),
        ("next_page", 22, "the next page, compressed", "kB", 15, 6),
        ("javascript", 23, "JavaScript shipped, all pages, compressed", "kB", 40, 25),
        ("cold_start", 25, "cold start to the first answer", "s", 3, 1.5),
        ("migrate", 25, "first migrate on an empty database", "s", 60, 20),
        ("locked", 26, "lock errors of 4 writers and a reader in 10 s", "", 0, 0),
    )
}


@dataclass(frozen=True)
class Figure:
    """One measured value. `note` says what it was measured on; `drift` is that of raw."""

    bar: str
    value: float
    note: str = ""
    drift: float | None = None

    @property
    def verdict(self) -> Verdict:
        bar = BARS[self.bar]
        if self.drift is not None and self.drift > UNUSABLE_DRIFT:
            return "unusable"
        if self.value <= bar.aim:
            return "met"
        return "held" if self.value <= bar.hold else "not reached"

    def as_json(self, **where: Any) -> str:
        """One line with the bar, the figure, the verdict, and where it was measured."""
        return json.dumps(where | asdict(BARS[self.bar]) | asdict(self) | {"verdict": self.verdict})


HEAD = ("row", "what", "where", "figure", "hold", "aim", "verdict", "on")


def table(lines: list[dict[str, Any]]) -> str:
    """The figures as the table that docs/bench.md shows."""
    rows = [_cells(line) for line in sorted(lines, key=lambda line: (line["row"], line["bar"]))]
    shown = [HEAD, tuple("---" for _ in HEAD), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in shown)


def _cells(line: dict[str, Any]) -> tuple[str, ...]:
    unit = f" {line['unit']}" if line["unit"] not in ("", "x") else ""
    drift = "" if line["drift"] is None else f"; raw drifted by {line['drift']:.0%}"
    return (
        str(line["row"]),
        line["what"],
        f"{line['engine']} {line['size']}",
        f"{line['value']:.4g}{unit}",
        f"{line['hold']:g}",
        f"{line['aim']:g}",
        line["verdict"],
        line["note"] + drift,
    )
