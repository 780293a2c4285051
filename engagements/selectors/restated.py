"""How far the past of the dossiers that somebody sees was computed again by the set in force."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.access import Viewer
from engagements.selectors.scores import standings_visible_to
from records.jobs import unfinished
from scorecards.models import Publication, RestatedScore, WeightSet

RESTATE_TOPIC = "restate"


@dataclass(frozen=True, slots=True)
class Past:
    """Dossiers that were published under other sets, and those of them done or under way."""

    dossiers: int
    done: int
    waiting: int


def past_of(viewer: Viewer, weight_set: WeightSet) -> Past:
    seen = standings_visible_to(viewer).order_by().values("dossier")
    published = Publication.objects.filter(dossier__in=seen).order_by()
    others = published.exclude(snapshot__weight_set=weight_set).values_list("dossier", flat=True)
    again = RestatedScore.objects.filter(dossier__in=seen, weight_set=weight_set).order_by()
    ids = list(others.distinct())
    return Past(
        dossiers=len(ids),
        done=again.values("dossier").distinct().count(),
        waiting=unfinished(RESTATE_TOPIC, map(str, ids)),
    )
