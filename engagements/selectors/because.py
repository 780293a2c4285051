"""What was published of a dossier's scores, and which record made them move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.access import Viewer
from engagements.models import Dossier
from engagements.selectors.places import Place, places_of
from scorecards.models import Publication
from scorecards.models.snapshots import SUCCESS_FACTORS

AGEING = Place("All was scored anew as time passed")
# Reasons that are no record, by the kind that a publication keeps.
WITHOUT_RECORD = {
    "ageing": AGEING,
    "check": Place("The daily check put the score right: it did not rest on today's facts"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One published score, the one it replaced, and the record behind it.

    Values on 0..100; None where the score had none (not available, or not computed before).
    """

    kind: str
    at: datetime
    before: float | None
    after: float | None
    because: Place

    @property
    def name(self) -> str:
        return "Conditions" if self.kind == SUCCESS_FACTORS else "Integration index"

    @property
    def moved(self) -> bool:
        return _tenths(self.before) != _tenths(self.after)


def _tenths(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def changes_of(viewer: Viewer, dossier: Dossier, published: Sequence[Publication]) -> list[Change]:
    """The changes behind one dossier's publications (newest first), those that moved a score."""
    places = places_of(viewer, reasons(published), dossier)
    pairs = list(_pairs(published))
    return [change for row, before in pairs if (change := change_of(row, before, places)).moved]


def reasons(published: Iterable[Publication]) -> list[tuple[str, str]]:
    """The records named as reasons, as (kind, id)."""
    return [(row.because_kind, str(row.because_record)) for row in published if row.because_record]


def change_of(
    row: Publication, before: float | None, places: dict[tuple[str, str], Place]
) -> Change:
    because = place_of_reason(row.because_kind, row.because_record, places)
    return Change(row.kind, row.published_at, before, row.snapshot.value, because)


def place_of_reason(kind: str, record: Any, places: dict[tuple[str, str], Place]) -> Place:
    """The record behind a publication, or why there is none."""
    return places.get((kind, str(record))) or WITHOUT_RECORD.get(kind, AGEING)


def _pairs(published: Sequence[Publication]) -> Iterable[tuple[Publication, Any]]:
    """Each publication with the value of the one before it, kind by kind.

    The oldest at hand has no pair unless it opened the dossier's history.
    """
    for number, row in enumerate(published):
        earlier = next((old for old in published[number + 1 :] if old.kind == row.kind), None)
        if earlier is not None:
            yield row, earlier.snapshot.value
        elif row.because_kind == "dossier":
            yield row, None
