"""A dossier's past under the set in force (section 3.6): stored beside what was published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from engagements.models import Dossier
from engagements.selectors.facts import dossier_facts
from scorecards.services.restated import Place, days_of_other_sets, store_restated
from scorecards.services.weights import active_weight_set


@transaction.atomic
def restate(dossier_id: UUID) -> int:
    """Score each day that was published under another set once more; how many days there were.

    What was entered by the end of that day counts, as it is known now. Days that the set in force
    was published on need none. Restating again replaces what an earlier restating said.
    """
    weight_set = active_weight_set()
    dossier = Dossier.objects.select_related("engagement__armed_group").get(pk=dossier_id)
    days = _by_day(days_of_other_sets(dossier_id, weight_set))
    for day, places in sorted(days.items()):
        facts = dossier_facts(dossier, end_of(day))
        store_restated(dossier_id, facts, places, as_of=day, weight_set=weight_set)
    return len(days)


def _by_day(places: Iterable[Place]) -> dict[date, list[Place]]:
    days: dict[date, list[Place]] = {}
    for place in places:
        days.setdefault(place.day, []).append(place)
    return days


def end_of(day: date) -> datetime:
    """The last moment of a day, here."""
    following = datetime.combine(day + timedelta(days=1), time.min)
    return timezone.make_aware(following) - timedelta(microseconds=1)
