"""What the score would be: factors moved by hand, and a meeting that was not held (sections 3, 5).

A planning aid, not a forecast. Nothing here is a fact, and nothing of it is kept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from scorecards.scoring.conduciveness import Conduciveness, FactorPart, combine
from scorecards.scoring.factors import WHOLE_LAW
from scorecards.scoring.facts import (
    ContactFact,
    DossierFacts,
    ItemFact,
    MeetingFact,
    ReadingFact,
    Source,
)
from scorecards.scoring.method import Method

SUPPOSED = Source("supposed", "ffffffff-ffff-ffff-ffff-ffffffffffff")
"""Where a supposed meeting stands in the place of a record; its id sorts behind every real one."""

REFERENCE_RATE = 0.15
"""Share of 372 rebel groups, 1974-2011, that made an express commitment (section 5)."""

DOUBLES_OVER = 20.0
"""Points of the score that double the odds."""


@dataclass(frozen=True, slots=True)
class SupposedMeeting:
    """A meeting that somebody imagines, with the readings and practical items it would give."""

    meeting: MeetingFact
    readings: tuple[ReadingFact, ...] = ()
    items: tuple[ItemFact, ...] = ()


def supposing(
    facts: DossierFacts, supposed: SupposedMeeting, *, closed_on: date | None = None
) -> DossierFacts:
    """The facts as they would be had this meeting been logged.

    As with a real one: it feeds the dossier if it touches the topic (GEN: always) and was not
    held after the closing; as a first contact it counts for every dossier of the engagement.
    """
    meeting = supposed.meeting
    facts = replace(facts, contacts=_contacts(facts.contacts, meeting))
    touches = facts.norm == WHOLE_LAW or facts.norm in meeting.topics
    if not touches or (closed_on is not None and meeting.date.first > closed_on):
        return facts
    return replace(
        facts,
        meetings=(*facts.meetings, meeting),
        readings=(*facts.readings, *supposed.readings),
        items=(*facts.items, *supposed.items),
    )


def moved(score: Conduciveness, means: Mapping[str, float], method: Method) -> Conduciveness:
    """The score with these factors at these means (0..1); how much is known of each stays.

    a = m (a + b) and b = (1 - m)(a + b), so sd = sqrt(m (1 - m) / (a + b + 1)): at 0 and 1 there
    is no spread. Blockers rest on records, so no factor moved by hand raises or lifts one.
    """
    parts = [
        _part_at(part, means[part.factor]) if part.factor in means else part
        for part in score.factors
    ]
    return combine(parts, score.blockers, score.as_of, method, lambda: score.evidence)


def relative_likelihood(score: float) -> float:
    """Section 5: odds = (.15/.85) x 2^((S - 50)/20), as a share 0..1.

    15% of rebel groups once made an express commitment; that twenty points double the odds is
    judgement. To be shown as *relative likelihood, no time horizon* and as nothing else.

    >>> round(relative_likelihood(50), 3), round(relative_likelihood(62), 3)
    (0.15, 0.211)
    """
    odds = REFERENCE_RATE / (1 - REFERENCE_RATE) * math.pow(2, (score - 50) / DOUBLES_OVER)
    return odds / (1 + odds)


def _part_at(part: FactorPart, mean: float) -> FactorPart:
    return replace(
        part,
        mean=mean,
        sd=math.sqrt(mean * (1 - mean) / (part.strength + 1)),
        contribution=100 * part.weight * (mean - 0.5),
    )


def _contacts(contacts: tuple[ContactFact, ...], meeting: MeetingFact) -> tuple[ContactFact, ...]:
    """The earliest held interaction of each level, this one among them."""
    if not meeting.held:
        return contacts
    rivals = [
        one for one in contacts if one.source.kind == "interaction" and one.level == meeting.level
    ]
    if any(one.date.first <= meeting.date.first for one in rivals):
        return contacts
    mine = ContactFact(meeting.date, meeting.grade, meeting.level, meeting.source)
    return (*(one for one in contacts if one not in rivals), mine)
