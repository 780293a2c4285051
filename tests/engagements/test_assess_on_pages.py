"""Assess a dossier on pages: one dimension a screen, submitted, and made final by another."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from engagements.tasks import sweep_jobs
from scorecards.models import Assessment
from tests.engagements import sent
from tests.engagements.reading_pages import section, words


@pytest.fixture
def draft(cast):
    """Amina's assessment, just begun."""
    answer = cast.amina.page.post(reverse("assess", args=[cast.dossier.pk]))
    assert answer.status_code == 302
    return Assessment.objects.get()


def screen(draft, name="doctrine"):
    return reverse("assessment_rate", args=[draft.pk, name])


def rate(cast, draft, name="doctrine", **answers):
    """Fill in a screen; `D1_rating` stands for the field D1-rating."""
    draft.refresh_from_db()
    told = {key.replace("_", "-", 1): value for key, value in answers.items()}
    return cast.amina.page.post(screen(draft, name), told | {"version": draft.version})


def test_it_goes_through_the_screens_and_counts_what_is_assessed(cast, draft):
    page = cast.amina.page.get(screen(draft))
    assert "0 of 41 assessed" in words(page)
    assert "Where does the rule stand" in words(page)
    answer = rate(cast, draft, D1_rating="3", D2_rating="0", D6_rating="na")
    assert answer.headers["Location"] == screen(draft, "training")
    rate(cast, draft, "training", Te1_rating="2", Te1_note="A school at the ford")
    page = cast.amina.page.get(reverse("assessment", args=[draft.pk]))
    assert "4 of 41 assessed" in words(page)
    for said in ("3 of 4", "rated lowest", "does not apply", "A school at the ford"):
        assert said in words(page)


def test_a_screen_changes_its_own_part_alone(cast, draft):
    rate(cast, draft, D1_rating="3")
    rate(cast, draft, "sanctions", S1_rating="1")
    rate(cast, draft, D1_rating="")
    rated = dict(draft.ratings.values_list("criterion", "rating"))
    assert rated == {"S1": 1}


def test_meetings_that_noted_something_are_offered_as_evidence(cast, draft):
    noted = sent.meeting(
        cast, evidence=[{"criterion": "D1", "rating": 3, "seen": "An order on the wall"}]
    )
    held = sent.saved(cast.amina.api(), "interactions/", noted)["id"]
    page = words(cast.amina.page.get(screen(draft)))
    assert "noted 3 of 4: An order on the wall" in page
    rate(cast, draft, D1_rating="3", D1_evidence=held)
    assert str(draft.ratings.get().evidence.get().record) == held
    refused = rate(cast, draft, D1_rating="3", D1_evidence=str(cast.group.pk))
    assert refused.status_code == 422


def test_a_second_person_makes_it_final_and_the_scorecard_moves(cast, draft):
    sweep_jobs()
    rate(cast, draft, **{f"D{n}_rating": "4" for n in range(1, 8)}, D1_grade="A1")
    amina, rosa = cast.amina.page, cast.rosa.page
    step = {
        name: reverse(f"assessment_{name}", args=[draft.pk])
        for name in ("submit", "return", "finalise")
    }
    amina.post(step["submit"])
    assert amina.post(step["finalise"]).status_code == 403
    rosa.post(step["return"], {"note": "Say who saw it"})
    assert "Say who saw it" in words(amina.get(reverse("assessment", args=[draft.pk])))
    amina.post(step["submit"])
    rosa.post(step["finalise"])
    draft.refresh_from_db()
    assert draft.stage == "final"
    sweep_jobs()
    card = section(amina.get(reverse("dossier", args=[cast.dossier.pk])), "integration")
    assert re.search(r"Doctrine 1\.00", card)


def test_an_empty_one_is_not_submitted(cast, draft):
    address = reverse("assessment", args=[draft.pk])
    page = cast.amina.page
    page.post(address + "submit/")
    assert "Rate at least one criterion" in words(page.get(address))


def test_a_draft_is_its_authors_alone(cast, draft):
    for person in (cast.rosa, cast.ann, cast.oskar):
        for address in (reverse("assessment", args=[draft.pk]), screen(draft)):
            assert person.page.get(address).status_code == 404
    assert cast.ann.page.post(reverse("assess", args=[cast.dossier.pk])).status_code == 403
    assert cast.oskar.page.post(reverse("assess", args=[cast.dossier.pk])).status_code == 404


def test_what_was_changed_elsewhere_is_not_written_over(cast, draft):
    rate(cast, draft, D1_rating="3")
    answer = cast.amina.page.post(screen(draft), {"D1-rating": "0", "version": "1"})
    assert answer.status_code == 422
    assert "changed on another page" in answer.content.decode()
    assert draft.ratings.get().rating == 3


@pytest.mark.parametrize(
    "answers",
    [
        {"D1_rating": "9"},
        {"D1_rating": "na"},
        {"D1_rating": "3", "D1_grade": "Z9"},
        {"D1_rating": "3", "D1_observed_on": "soon"},
        {"D1_rating": "3", "D1_observed_on": "2999"},
        {"D1_rating": "3", "D1_evidence": "x"},
        {"D1_rating": "3", "D1_note": "\0"},
    ],
)
def test_bad_answers_are_refused_in_words_and_nothing_is_saved(cast, draft, answers):
    answer = rate(cast, draft, **answers)
    assert answer.status_code == 422
    assert "Not saved yet" in answer.content.decode()
    assert not draft.ratings.exists()


def test_the_previous_rating_is_told(cast, draft):
    rate(cast, draft, D1_rating="2")
    cast.amina.page.post(reverse("assessment_submit", args=[draft.pk]))
    cast.rosa.page.post(reverse("assessment_finalise", args=[draft.pk]))
    cast.amina.page.post(reverse("assess", args=[cast.dossier.pk]))
    newest = Assessment.objects.get(stage="draft")
    assert f"Rated 2 on {draft.as_of.isoformat()}." in words(cast.amina.page.get(screen(newest)))
