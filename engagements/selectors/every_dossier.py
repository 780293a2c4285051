"""The dossiers of the whole register, by id alone: for work that concerns each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q

from engagements.models import Dossier
from records.models.records import DELETED
from scorecards.models import Standing

CHUNK = 500


def every_dossier() -> Iterator[UUID]:
    """Ids in their own order, a chunk in memory at a time."""
    yield from _ids(Q())


def not_scored_on(day: date) -> Iterator[UUID]:
    """Those with a clearance at which no score of that day is published."""
    card, success = Q(scorecard__as_of=day), Q(success_factors__as_of=day)
    old = Standing.objects.exclude(card & success)
    yield from _ids(Q(pk__in=old.values("dossier")))


def _ids(condition: Q) -> Iterator[UUID]:
    rows = Dossier.objects.filter(condition).exclude(state=DELETED).order_by("pk")
    last: UUID | None = None
    while True:
        further = rows if last is None else rows.filter(pk__gt=last)
        chunk = list(further.values_list("pk", flat=True)[:CHUNK])
        yield from chunk
        if len(chunk) < CHUNK:
            return
        last = chunk[-1]


def in_chunks(ids: Iterable[UUID]) -> Iterator[list[str]]:
    """As texts, so many at a time as one statement takes well."""
    chunk: list[str] = []
    for pk in ids:
        chunk.append(str(pk))
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
