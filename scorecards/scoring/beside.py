"""The commitment badge: it stands beside the scorecard's dimensions and enters none of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scorecards.scoring.facts import CommitmentFact

# From lowest to highest (section 2.6).
BADGES = ("none", "oral", "signed", "in_force")
ORAL = "ORA"


@dataclass(frozen=True, slots=True)
class Badge:
    """The highest commitment on the dossier, and its verification (V0..V5; None without one)."""

    badge: str
    verification: str | None


def badge_of(commitments: Iterable[CommitmentFact], as_of: date) -> Badge:
    """In force or fulfilled reads "in_force", signed "signed", either of an oral undertaking
    "oral", every other status "none" (section 2.6). Of equal badges the better verified counts.
    """
    signed = [row for row in commitments if _is_there(row, as_of)]
    best = max(signed, key=lambda row: (BADGES.index(_reads(row)), row.verification), default=None)
    if best is None or _reads(best) == "none":
        return Badge("none", None)
    return Badge(_reads(best), best.verification)


def _is_there(row: CommitmentFact, as_of: date) -> bool:
    return row.signed_on is None or row.signed_on.stands_for(as_of) is not None


def _reads(row: CommitmentFact) -> str:
    reads = {"in_force": "in_force", "fulfilled": "in_force", "signed": "signed"}
    badge = reads.get(row.status, "none")
    return "oral" if row.instrument == ORAL and badge != "none" else badge
