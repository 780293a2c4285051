"""What a day does to scores that nobody touches, and what finds a change that nobody marked."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from config import drain
from engagements.ageing import look_again
from engagements.models import Interaction, Reading
from engagements.scorer import rescore
from engagements.tasks import AGE, AGE_ALL, age_scores, sweep_jobs
from records.models import Job
from scorecards.models import Publication, ScoreSnapshot, Standing, WeightSet
from tests.engagements import sent

TODAY = timezone.localdate()


def met(cast, **more):
    readings = [{"factor": "GR4", "rating": 4}, {"factor": "QI1", "rating": 0}]
    told = {"readings": readings, "level": 3, **more}
    made = sent.saved(cast.rosa.api(), "interactions/", sent.meeting(cast, **told))
    sent.recompute()
    return made["id"]


def published(cast, clearance=3, kind="success_factors"):
    rows = Publication.objects.filter(dossier=cast.dossier, clearance=clearance, kind=kind)
    return [(row.snapshot.as_of, row.because_kind) for row in rows.order_by("published_at", "pk")]


def later(days):
    return TODAY + timedelta(days=days)


def test_a_dossier_that_nobody_touches_moves_when_its_rounded_score_does(cast):
    met(cast)
    before = published(cast)
    days = iter(range(1, 60))
    day = next(n for n in days if look_again(cast.dossier.pk, as_of=later(n)) == "aged")
    assert day > 1  # the first days change no rounded figure
    assert published(cast) == [*before, (later(day), "ageing")]
    old, new = [
        round(row.snapshot.value, 1)
        for row in Publication.objects.filter(
            dossier=cast.dossier, clearance=3, kind="success_factors"
        )[:2]
    ]
    assert old != new
    standing = Standing.objects.get(dossier=cast.dossier, clearance=3)
    assert standing.success_factors.as_of == later(day)
    assert not standing.is_behind
    newest = Publication.objects.filter(dossier=cast.dossier, clearance=3).first()
    assert newest.because_record is None
    assert look_again(cast.dossier.pk, as_of=later(day)) == "same"


def test_ageing_is_published_only_where_it_shows(cast):
    met(cast)
    low = published(cast, clearance=2)
    day = next(n for n in range(1, 60) if look_again(cast.dossier.pk, as_of=later(n)) == "aged")
    assert published(cast, clearance=3)[-1] == (later(day), "ageing")
    assert published(cast, clearance=2) == low  # below the meeting's level there is nothing to age


def test_an_unchanged_rounding_is_not_published(cast):
    met(cast)
    counts = [model.objects.count() for model in (ScoreSnapshot, Publication)]
    assert look_again(cast.dossier.pk, as_of=later(1)) == "same"
    assert [model.objects.count() for model in (ScoreSnapshot, Publication)] == counts


def test_ageing_and_a_recompute_by_hand_give_the_same(cast):
    met(cast)
    assert look_again(cast.dossier.pk, as_of=later(200)) == "aged"
    aged = Standing.objects.get(dossier=cast.dossier, clearance=3).success_factors
    counts = ScoreSnapshot.objects.count()
    with transaction.atomic():
        rescore(cast.dossier.pk, as_of=later(200), everything=True)
    again = Standing.objects.get(dossier=cast.dossier, clearance=3).success_factors
    assert again == aged
    assert ScoreSnapshot.objects.filter(pk=aged.pk, result=aged.result).exists()
    assert ScoreSnapshot.objects.count() <= counts + 2  # those of clearances that had not moved


@pytest.mark.parametrize("change", ["reading", "withdrawn"])
def test_a_row_changed_behind_the_services_is_found_put_right_and_logged(cast, caplog, change):
    held = met(cast)
    if change == "reading":
        Reading.objects.filter(interaction=held, factor="QI1").update(rating=4)
    else:
        Interaction.objects.filter(pk=held).update(state="withdrawn")
    before = Standing.objects.get(dossier=cast.dossier, clearance=3).success_factors
    with caplog.at_level(logging.WARNING, logger="parley.ageing"):
        assert look_again(cast.dossier.pk, as_of=TODAY) == "repaired"
    assert str(cast.dossier.pk) in caplog.text
    after = Standing.objects.get(dossier=cast.dossier, clearance=3).success_factors
    assert after.value > before.value
    assert (after.value == 50) is (change == "withdrawn")
    assert published(cast)[-1] == (TODAY, "check")
    assert look_again(cast.dossier.pk, as_of=TODAY) == "same"


def test_a_score_of_another_set_than_the_one_in_force_is_put_right(cast):
    met(cast)
    shipped = WeightSet.objects.get()
    WeightSet.objects.filter(pk=shipped.pk).update(state="retired")
    method = {**shipped.parameters, "version": "1.1.0"}
    WeightSet.objects.create(
        version="1.1.0", state="active", parameters=method, checksum="other", rationale="x",
        author=cast.rosa.user, based_on=shipped,
    )  # fmt: skip
    assert look_again(cast.dossier.pk, as_of=TODAY) == "repaired"
    standing = Standing.objects.get(dossier=cast.dossier, clearance=3)
    assert standing.scorecard.weight_set.version == "1.1.0"


def test_scores_that_are_behind_wait_for_their_job_and_without_one_are_put_right(cast):
    met(cast)
    sent.saved(cast.rosa.api(), "interactions/", sent.meeting(cast))
    assert look_again(cast.dossier.pk, as_of=TODAY) == "asked"
    Job.objects.all().delete()
    assert look_again(cast.dossier.pk, as_of=TODAY) == "repaired"
    assert not Standing.objects.get(dossier=cast.dossier, clearance=3).is_behind


def test_the_day_is_asked_for_once_whoever_asks(cast):
    met(cast)
    Standing.objects.update(scorecard=None)  # as if nothing had been scored today
    assert age_scores() is True
    assert age_scores() is False
    while sweep_jobs():
        pass
    assert age_scores() is False
    done = Job.objects.filter(state="done")
    assert done.get(topic=AGE_ALL).key == TODAY.isoformat()
    assert [job.key for job in done.filter(topic=AGE)] == [str(cast.dossier.pk)]


def test_dossiers_scored_today_are_not_looked_at_again(cast):
    met(cast)
    age_scores()
    while sweep_jobs():
        pass
    assert not Job.objects.filter(topic=AGE).exists()


def test_a_fresh_change_goes_before_the_ageing_of_the_day(cast):
    Job.objects.all().delete()
    for n in range(1, 15):
        sent.saved(cast.rosa.api(), "dossiers/", sent.dossier(cast, norm=f"N{n:02}"))
    Job.objects.all().delete()
    age_scores()
    assert sweep_jobs() == 1  # the day's round, which asks for the dossiers one by one
    sent.saved(cast.rosa.api(), "interactions/", sent.meeting(cast))
    sweep_jobs()
    assert not Job.objects.filter(topic="score", state="waiting").exists()
    assert Job.objects.filter(topic=AGE, state="waiting").count() == 15


def test_the_command_tells_what_it_found(cast, capsys):
    held = met(cast)
    sent.saved(cast.rosa.api(), "dossiers/", sent.dossier(cast))
    sent.recompute()
    Reading.objects.filter(interaction=held, factor="QI1").update(rating=4)
    call_command("check_scores")
    assert "2 dossiers: 1 read the same, 0 grown older and published, 1 put right" in (
        capsys.readouterr().out
    )


def test_the_embedded_thread_asks_once_a_day_and_at_its_start(cast):
    asked = drain.ask_for_ageing(None)
    assert asked == TODAY
    assert Job.objects.filter(topic=AGE_ALL).count() == 1
    Job.objects.all().delete()
    assert drain.ask_for_ageing(asked) == TODAY
    assert not Job.objects.exists()
    assert drain.ask_for_ageing(TODAY - timedelta(days=1)) == TODAY
    assert Job.objects.filter(topic=AGE_ALL).count() == 1
