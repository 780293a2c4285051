"""How far two raters agree: which assessments are a pair, where they lie far apart, weighted kappa.

Section 3.3 asks for a reconciliation where two raters differ by 2 or more, and for a weighted kappa
from 20 pairs on. What makes a pair, and which weights, is our choice (docs/decisions.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

FAR_APART = 2  # on the scale 0-4 (section 3.3)
ENOUGH_PAIRS = 20  # fewer say too little for a kappa (section 3.3)
PAIR_DAYS = 31  # as-of dates further apart than this describe two different states of a group

Rated = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one rater said in one assessment: subject (a criterion) -> 0-4.

    `first` is what was said when it was first handed in, before anybody had talked about it.
    """

    id: str
    author: str
    as_of: date
    begun: datetime
    handed_in: datetime
    final: datetime | None
    ratings: Mapping[str, int]
    first: Mapping[str, int]
    returned: bool = False  # with its author again, who may change it


@dataclass(frozen=True, slots=True)
class Pair:
    """Two raters' sheets on one dossier, in the order in which they were handed in."""

    one: Sheet
    other: Sheet

    @property
    def complete(self) -> datetime:
        """When both were handed in, and each rater could see the other's."""
        return self.other.handed_in

    @property
    def is_blind(self) -> bool:
        """Neither was final, and so told by the scorecard, before the other was handed in."""
        return self.one.final is None or self.one.final >= self.other.handed_in

    @property
    def is_waiting(self) -> bool:
        return self.one.returned or self.other.returned

    def far_apart(self) -> list[str]:
        """The subjects that both rated, 2 or more apart as they stand now."""
        return far_apart(self.one.ratings, self.other.ratings)

    def first_ratings(self) -> list[Rated]:
        """What both said of each subject when they first handed it in."""
        one, other = self.one.first, self.other.first
        return [(one[s], other[s]) for s in one if s in other]


def far_apart(one: Mapping[str, int], other: Mapping[str, int]) -> list[str]:
    """The subjects that two raters rated 2 or more apart (section 3.3)."""
    return [s for s in one if s in other and abs(one[s] - other[s]) >= FAR_APART]


def near(one: date, other: date) -> bool:
    """As-of dates that describe the same state of a group."""
    return abs((one - other).days) <= PAIR_DAYS


def pairs_of(sheets: Iterable[Sheet]) -> Iterator[Pair]:
    """The pairs among the sheets of one dossier: two authors, as-of dates within 31 days.

    Who begins after both of a pair were handed in could read them: theirs settles that pair or
    starts anew, and is no third opinion on it.
    """
    known: list[Pair] = []
    earlier: list[Sheet] = []
    for sheet in sorted(sheets, key=lambda s: (s.handed_in, s.id)):
        met = [
            Pair(other, sheet)
            for other in earlier
            if other.author != sheet.author
            and near(other.as_of, sheet.as_of)
            and not _was_open_to(sheet, other, known)
        ]
        yield from met
        known += met
        earlier.append(sheet)


def _was_open_to(sheet: Sheet, other: Sheet, known: Iterable[Pair]) -> bool:
    return any(
        pair.complete <= sheet.begun and other.id in (pair.one.id, pair.other.id) for pair in known
    )


def weighted_kappa(pairs: Sequence[Rated]) -> float | None:
    """Cohen's kappa (1968) with quadratic weights: 1 - sum(d^2 observed) / sum(d^2 expected).

    d is the distance of the two ratings; expected are the pairs that the two raters' own
    frequencies would give by chance. 1 is full agreement, 0 that of chance, below 0 less. None
    without pairs, or where both gave one and the same rating throughout: chance alone would then
    agree too.

    >>> weighted_kappa([(0, 0), (4, 4), (2, 2)])
    1.0
    """
    if not pairs:
        return None
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = sum((a - b) ** 2 for a, b in pairs)
    expected = sum(n * m * (a - b) ** 2 for a, n in one.items() for b, m in other.items())
    return 1 - observed * len(pairs) / expected if expected else None


def agreement(pairs: Sequence[Rated]) -> float | None:
    """Weighted kappa of pairs in which no rater is the first: each pair enters both ways round."""
    return weighted_kappa([*pairs, *((b, a) for a, b in pairs)])
