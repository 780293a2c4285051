"""What another weight set would change: today's facts of some dossiers, scored by both methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.access import Viewer
from engagements.details import CODES
from engagements.models import Dossier
from engagements.selectors.facts import dossier_facts
from engagements.selectors.scores import standings_visible_to
from scorecards.scoring.conduciveness import Conduciveness, conduciveness
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.integration import integration
from scorecards.scoring.method import Method
from scorecards.services.weights import active_weight_set, method_of

AT_ONCE = 12  # each dossier costs a dozen statements
NO_DIRECTION = "no clear direction yet"


@dataclass(frozen=True, slots=True)
class Headline:
    """What one method says of a dossier: score and index on 0..100, the direction in words."""

    score: float
    direction: str
    index: float | None


@dataclass(frozen=True, slots=True)
class Line:
    dossier: Dossier
    topic: str
    clearance: int
    before: Headline
    after: Headline

    @property
    def turns(self) -> bool:
        """The direction word would be another one."""
        return self.before.direction != self.after.direction


@dataclass(frozen=True, slots=True)
class Preview:
    """Some of the dossiers that the viewer sees scored, by name: never by score."""

    lines: Sequence[Line]
    first: int
    total: int
    as_of: date

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1

    @property
    def next_from(self) -> int | None:
        return self.last + 1 if self.last < self.total else None

    @property
    def turned(self) -> int:
        return sum(line.turns for line in self.lines)

    @property
    def largest_score_move(self) -> float:
        """Points, whichever way; 0 where nothing moves."""
        moves = (abs(line.after.score - line.before.score) for line in self.lines)
        return max(moves, default=0.0)

    @property
    def largest_index_move(self) -> float | None:
        moves = [
            abs(line.after.index - line.before.index)
            for line in self.lines
            if line.after.index is not None and line.before.index is not None
        ]
        return max(moves, default=None)


def preview(viewer: Viewer, method: Method, *, first: int = 1) -> Preview:
    """Score some dossiers by the set in force and by this one. Stored nowhere."""
    today, active = timezone.localdate(), method_of(active_weight_set())
    standings = standings_visible_to(viewer).select_related("dossier__context")
    rows = standings.order_by(
        "dossier__engagement__armed_group__name",
        "dossier__engagement__ngo__name",
        "dossier__norm",
        "dossier__pk",
    )
    lines = []
    for standing in rows[first - 1 : first - 1 + AT_ONCE]:
        facts = dossier_facts(standing.dossier).at_clearance(standing.clearance)
        before, after = (_headline(facts, today, one) for one in (active, method))
        topic = CODES["norms"].label(standing.dossier.norm)
        lines.append(Line(standing.dossier, topic, standing.clearance, before, after))
    return Preview(lines, first, rows.count(), today)


def _headline(facts: DossierFacts, day: date, method: Method) -> Headline:
    score = conduciveness(facts, day, method)
    return Headline(score.score, _direction(score), integration(facts, day, method).index)


def _direction(score: Conduciveness) -> str:
    return "blocked" if score.blockers else score.direction or NO_DIRECTION
