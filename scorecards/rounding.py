"""Numbers as the API shows them: rounded once, at the very end (section 0)."""

from __future__ import annotations

DECIMALS = 4


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
