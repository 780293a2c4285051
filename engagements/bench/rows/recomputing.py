"""Row 16: a recompute, at all four clearances, beside the bare reading of what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from engagements.bench import raw
from engagements.bench.bars import Figure
from engagements.bench.rows import Here, row
from engagements.bench.timing import alternately
from engagements.models import Dossier
from engagements.scorer import rescore

LARGEST, MEDIAN = 5_000, 48


@row(16)
def recompute(here: Here) -> Iterator[Figure]:
    dossier, meetings = dossier_of_about(LARGEST)
    pair = alternately(
        lambda: raw.evidence(dossier.engagement_id), recomputing(dossier.pk), rounds=21
    )
    note = f"{meetings:,} meetings: {pair.product * 1000:.0f} ms against {pair.raw * 1000:.0f} ms"
    yield Figure("recompute", pair.ratio, note, pair.drift)
    dossier, meetings = dossier_of_about(MEDIAN)
    pair = alternately(lambda: raw.evidence(dossier.engagement_id), recomputing(dossier.pk))
    yield Figure("recompute_wall", pair.product * 1000, f"{meetings} meetings", pair.drift)


def dossier_of_about(meetings: int) -> tuple[Dossier, int]:
    """The general dossier whose number of meetings comes closest."""
    return dossiers_of_about(meetings, 1)[0]


def dossiers_of_about(meetings: int, number: int) -> list[tuple[Dossier, int]]:
    """So many general dossiers, the closest first, each with its number of meetings."""
    rows = Dossier.objects.filter(norm="GEN").annotate(meetings=Count("engagement__interactions"))
    closest = sorted(rows, key=lambda row: (abs(row.meetings - meetings), row.pk))
    return [(row, row.meetings) for row in closest[:number]]


def recomputing(dossier: UUID) -> Callable[[], None]:
    """Each time as of another day, so that nothing stored answers; then as if it had not been."""
    days = count(1)

    def act() -> None:
        with transaction.atomic():
            rescore(dossier, as_of=day_before(next(days)), everything=True)
            transaction.set_rollback(True)

    return act


def day_before(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)
