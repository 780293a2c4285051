"""The past computed again by the set in force: beside what was published, never in its place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from engagements.models import Interaction
from engagements.restating import end_of, restate
from engagements.selectors.facts import dossier_facts
from engagements.selectors.timeline import score_line
from engagements.tasks import sweep_jobs
from scorecards.models import Publication, RestatedScore, ScoreSnapshot, Standing
from scorecards.scoring.conduciveness import conduciveness
from scorecards.services.weights import method_of
from tests.cast import person
from tests.engagements import sent
from tests.engagements.reading_pages import plain, section, words
from tests.engagements.test_weight_sets import HEAVY_GROUP, in_force, met, rows_of

TODAY = timezone.localdate()


@pytest.fixture
def hanna(cast):
    return person("Hanna", "head", 4, cast.kestria)


def put_back(days):
    """As if everything that is there had been entered, and published, so many days ago."""
    then = timezone.now() - timedelta(days=days)
    for model, moments in (
        (Interaction, ("created_at",)),
        (ScoreSnapshot, ("computed_at",)),
        (Publication, ("published_at",)),
    ):
        model.objects.update(**dict.fromkeys(moments, then))
    ScoreSnapshot.objects.update(as_of=TODAY - timedelta(days=days))


@pytest.fixture
def another_set(cast, hanna):
    """A dossier published a hundred days ago under the shipped set, and today under another."""
    cast.engagement.refresh_from_db()
    for row in (cast.engagement, cast.dossier, cast.group, cast.ngo):
        type(row).objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=200))
    met(cast, held_on=sent.day(120))
    put_back(100)
    met(cast, held_on=sent.day(1), readings=[{"factor": "GR4", "rating": 0}])
    row = in_force(cast, hanna, **HEAVY_GROUP)
    sent.recompute()
    return row


def line(cast):
    return score_line(cast.dossier, 3)


def test_until_it_is_asked_for_the_line_breaks(cast, another_set):
    assert [step["set"] for step in line(cast)] == ["1.0.0", "1.1.0"]
    page = cast.amina.page.get(reverse("dossier", args=[cast.dossier.pk])).content.decode()
    assert "from here on by weight set 1.1.0" in page


def test_restated_days_are_what_was_entered_by_then_under_the_new_set(cast, another_set):
    day = TODAY - timedelta(days=100)
    assert restate(cast.dossier.pk) == 1
    old, new = line(cast)
    assert (old["date"], old["set"], old.get("restated")) == (day, "1.1.0", True)
    assert (new["date"], new["set"], new.get("restated")) == (TODAY, "1.1.0", None)
    facts = dossier_facts(cast.dossier, end_of(day)).at_clearance(3)
    assert len(facts.meetings) == 1
    expected = conduciveness(facts, day, method_of(another_set)).score
    assert old["value"] == pytest.approx(expected, abs=1e-9)
    page = cast.amina.page.get(reverse("dossier", args=[cast.dossier.pk])).content.decode()
    assert "computed again by set 1.1.0" in page
    assert "from here on by weight set" not in page


def test_published_rows_stay_as_they_are(cast, another_set):
    models = (ScoreSnapshot, Publication, Standing)
    before = [rows_of(model) for model in models]
    restate(cast.dossier.pk)
    after = [rows_of(model) for model in models]
    assert before[0].items() <= after[0].items()
    assert before[1:] == after[1:]
    history = cast.amina.api().get(f"success-factors/{cast.dossier.pk}/history/").json()
    assert {row["method"]["version"] for row in history["results"]} == {"1.0.0", "1.1.0"}


def test_restating_again_takes_what_is_known_now(cast, another_set):
    restate(cast.dossier.pk)
    before, count = line(cast)[0]["value"], RestatedScore.objects.count()
    held = Interaction.objects.order_by("held_on_first").first()
    assert held is not None
    cast.rosa.api().post(f"interactions/{held.pk}/withdraw/", {"reason": "Doubled"})
    sent.recompute()
    restate(cast.dossier.pk)
    assert RestatedScore.objects.count() == count
    assert line(cast)[0]["value"] == 50 != before


def test_what_lies_above_a_clearance_is_not_in_its_past(cast, another_set):
    restate(cast.dossier.pk)
    below, at = (score_line(cast.dossier, clearance)[0] for clearance in (2, 3))
    assert below["restated"]
    assert at["restated"]
    day = TODAY - timedelta(days=100)
    nothing = dossier_facts(cast.dossier, end_of(day)).at_clearance(2)
    assert not nothing.meetings  # they are of level 3
    assert below["value"] == conduciveness(nothing, day, method_of(another_set)).score
    assert at["value"] > below["value"]


def test_a_head_asks_for_it_and_sees_how_far_it_is(cast, hanna, another_set):
    address = reverse("weight_set", args=[another_set.pk])
    assert "Computed again: 0 of 1" in words(cast.rosa.page.get(address))
    for nobody in (cast.amina, cast.ann, cast.ada):
        assert "Compute the past" not in words(nobody.page.get(address))
        asked = nobody.page.post(reverse("weight_set_restate", args=[another_set.pk]))
        assert asked.status_code == 403
    cast.rosa.page.post(reverse("weight_set_restate", args=[another_set.pk]))
    past = reverse("weight_set_past", args=[another_set.pk])
    assert "1 still to do, 0 of 1 done" in plain(cast.rosa.page.get(past).content.decode())
    while sweep_jobs():
        pass
    assert "Computed again: 1 of 1" in section(cast.rosa.page.get(address), "the-past")
    assert "nothing to compute again" in section(hanna.page.get(address), "the-past")


def test_the_command_does_the_same_and_counts(cast, another_set, capsys):
    call_command("restate")
    assert "1 days of 1 dossiers computed again by set 1.1.0" in capsys.readouterr().out
    assert line(cast)[0]["restated"]


def test_sparks_hold_one_set_alone(cast, another_set):
    page = reverse("dossier", args=[cast.dossier.pk])
    sparks = cast.amina.page.get(page).context["scores"].sparks
    assert len(sparks["GR4"]) == 1
    restate(cast.dossier.pk)
    sparks = cast.amina.page.get(page).context["scores"].sparks
    assert len(sparks["GR4"]) == 2
