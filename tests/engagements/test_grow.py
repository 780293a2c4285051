"""The register that is measured: as many meetings as asked, whole, sealed, scored, from a seed."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from statistics import median, quantiles

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.access import viewer_for
from accounts.models import Context, User
from engagements.access import interactions_visible_to
from engagements.models import (
    Commitment,
    Dossier,
    Interaction,
    InteractionTopic,
    Participant,
    Reading,
)
from engagements.samples.grow import dossier_sizes
from scorecards.models import Standing

pytestmark = pytest.mark.django_db(transaction=True)


def grow(interactions: int, *options: str) -> str:
    said = StringIO()
    call_command("grow", f"--interactions={interactions}", *options, stdout=said)
    return said.getvalue()


def test_two_thousand_meetings_come_whole_sealed_and_scored():
    grow(2_000)
    assert Interaction.objects.count() == 2_000
    assert InteractionTopic.objects.count() == 4_000
    assert Participant.objects.count() == 6_000
    assert Reading.objects.count() == 8_000
    assert Commitment.objects.count() == 200
    assert Context.objects.count() == 40
    assert Dossier.objects.count() == 10
    assert set(Interaction.objects.values_list("level", flat=True)) == {1, 2, 3, 4}
    for row in Interaction.objects.order_by("?")[:20]:
        assert 20 <= len(row.summary.split()) <= 60
        row.full_clean()
    behind = [row for row in Standing.objects.all() if row.is_behind]
    assert behind == []
    scored = Standing.objects.select_related("success_factors").filter(clearance=4)
    assert all(row.success_factors.result["facts"] > 20 for row in scored)


def test_the_reader_of_all_sees_all_of_ten_ten_and_of_none_nothing():
    grow(400, "--no-scores")
    seen = {user.username: interactions_visible_to(viewer_for(user)) for user in User.objects.all()}
    assert seen["grower"].count() == 400
    assert seen["grower-ten"].values("context").distinct().count() <= 10
    assert seen["grower-none"].count() == 0


def test_the_same_seed_grows_the_same_register():
    grow(300, "--no-scores", "--seed=7")
    first = list(Reading.objects.order_by("pk").values_list("pk", "interaction", "rating"))
    call_command("flush", interactive=False, verbosity=0)
    grow(300, "--no-scores", "--seed=7")
    again = list(Reading.objects.order_by("pk").values_list("pk", "interaction", "rating"))
    assert first == again


def test_meetings_lie_denser_towards_today():
    grow(500, "--no-scores")
    today = timezone.localdate()
    ages = [
        (today - day).days for day in Interaction.objects.values_list("held_on_first", flat=True)
    ]
    half = Counter("old" if age > 1_826 else "new" for age in ages)
    assert half["new"] > 1.5 * half["old"]
    assert max(ages) <= 3_652


def test_a_database_with_records_is_not_grown_into():
    grow(100, "--no-scores")
    with pytest.raises(CommandError, match="empty database"):
        grow(100)
    assert Interaction.objects.count() == 100


def test_sizes_of_dossiers_are_those_of_the_bars():
    sizes = dossier_sizes(1_000_000)
    assert sum(sizes) == 1_000_000
    assert len(sizes) == 5_000
    assert 44 <= median(sizes) <= 54
    assert 380 <= quantiles(sizes, n=10)[-1] <= 480
    assert 4_800 <= max(sizes) <= 5_300
