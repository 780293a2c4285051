"""An assessment tells what it changes, comes back with notes by dimension, and keeps its links."""

from __future__ import annotations

import pytest
from django.urls import reverse

from engagements.models import Interaction
from scorecards.models import Assessment, RatingEvidence
from tests.engagements import sent
from tests.engagements.reading_pages import section, words


def rated(cast, ratings, who=None, **more):
    """An assessment by Amina: criterion -> rating."""
    rows = [{"criterion": code, "rating": rating} for code, rating in ratings.items()]
    body = sent.assessment(cast, ratings=rows, **more)
    return sent.saved((who or cast.amina).api(), "assessments/", body)["id"]


def final(cast, ratings, **more):
    pk = rated(cast, ratings, **more)
    assert cast.amina.api().post(f"assessments/{pk}/submit/").status_code == 200
    assert cast.rosa.api().post(f"assessments/{pk}/finalise/").status_code == 200
    return pk


def test_it_says_what_was_raised_lowered_new_or_left(cast):
    final(cast, {"D1": 1, "D2": 3, "D3": 2, "D6": "na"}, as_of=sent.day(60))
    pk = rated(cast, {"D1": 2, "D2": 0, "D3": 2, "D6": 1, "S1": 4, "S2": None})
    page = cast.amina.page.get(reverse("assessment", args=[pk]))
    assert "5 of 41 assessed: 1 raised, 1 lowered, 1 new, 1 changed" in words(page)
    doctrine = section(page, "s-doctrine")
    for said in ("raised from 1", "lowered from 3", "as before", "did not apply before"):
        assert said in doctrine
    assert "not rated before" in section(page, "s-sanctions")
    screen = words(cast.amina.page.get(reverse("assessment_rate", args=[pk, "doctrine"])))
    assert f"Rated 1 on {sent.day(60)}. Now raised from 1." in screen
    assert "1 raised, 1 lowered" in screen


def test_a_final_one_is_told_against_what_stood_before_it(cast):
    final(cast, {"D1": 1}, as_of=sent.day(90))
    middle = final(cast, {"D1": 3}, as_of=sent.day(60))
    final(cast, {"D1": 0}, as_of=sent.day(30))
    page = cast.amina.page.get(reverse("assessment", args=[middle]))
    assert "raised from 1" in section(page, "s-doctrine")


def test_a_rating_whose_evidence_was_withdrawn_is_not_the_previous_one(cast):
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast))["id"]
    final(cast, {"D1": 1}, as_of=sent.day(90))
    told = [{"criterion": "D1", "rating": 4, "evidence": [held]}]
    pk = sent.saved(api, "assessments/", sent.assessment(cast, ratings=told, as_of=sent.day(60)))
    api.post(f"assessments/{pk['id']}/submit/")
    cast.rosa.api().post(f"assessments/{pk['id']}/finalise/")
    api.post(f"interactions/{held}/withdraw/", {"reason": "Another group"})
    page = cast.amina.page.get(reverse("assessment", args=[rated(cast, {"D1": 2})]))
    assert "raised from 1" in section(page, "s-doctrine")


def test_it_comes_back_with_a_note_on_a_dimension(cast):
    pk = rated(cast, {"D1": 2})
    api = cast.amina.api()
    api.post(f"assessments/{pk}/submit/")
    told = {"return_notes": {"doctrine": "Which text?", "sanctions": "Who punishes?"}}
    assert cast.rosa.api().post(f"assessments/{pk}/return/", told).status_code == 204
    shown = api.get(f"assessments/{pk}/").json()
    assert (shown["return_note"], shown["return_notes"]) == ("", told["return_notes"])
    doctrine = words(cast.amina.page.get(reverse("assessment_rate", args=[pk, "doctrine"])))
    assert "Which text?" in doctrine
    assert "Who punishes?" not in doctrine
    overview = cast.amina.page.get(reverse("assessment", args=[pk]))
    assert "Who punishes?" in section(overview, "s-sanctions")


def test_a_second_return_replaces_the_notes_and_the_first_stay_in_its_versions(cast):
    pk = rated(cast, {"D1": 2})
    api, path = cast.amina.api(), f"assessments/{pk}/"
    for note in ("First", "Second"):
        api.post(f"{path}submit/")
        cast.rosa.api().post(f"{path}return/", {"return_notes": {"doctrine": note}})
    assert api.get(path).json()["return_notes"] == {"doctrine": "Second"}


def test_it_is_returned_on_the_page_and_a_wrong_form_keeps_what_was_typed(cast):
    pk = rated(cast, {"D1": 2})
    cast.amina.api().post(f"assessments/{pk}/submit/")
    address = reverse("assessment_return", args=[pk])
    empty = cast.rosa.page.post(address, {"note": " ", "doctrine": ""})
    assert empty.status_code == 422
    assert "Say what is missing" in empty.content.decode()
    long = cast.rosa.page.post(address, {"note": "Date it", "doctrine": "x" * 4001})
    assert long.status_code == 422
    assert "Date it" in long.content.decode()
    assert Assessment.objects.get(pk=pk).stage == "submitted"
    assert cast.rosa.page.post(address, {"doctrine": "Which text?"}).status_code == 302
    assert Assessment.objects.get(pk=pk).stage == "returned"


@pytest.mark.parametrize(
    "told",
    [
        {"return_notes": {"colour": "x"}},
        {"return_notes": {"doctrine": 3}},
        {"return_notes": "doctrine"},
        {"return_notes": {"doctrine": " "}},
        {"note": "x" * 4001},
        {"notes": "x"},
    ],
)
def test_a_return_that_makes_no_sense_is_refused(cast, told):
    pk = rated(cast, {"D1": 2})
    cast.amina.api().post(f"assessments/{pk}/submit/")
    assert sent.refused(cast.rosa.api().post(f"assessments/{pk}/return/", told))
    assert Assessment.objects.get(pk=pk).stage == "submitted"


def test_links_that_the_author_no_longer_sees_survive_their_change(cast):
    api = cast.amina.api()
    seen, raised = (
        sent.saved(api, "interactions/", sent.meeting(cast, outcome=n))["id"] for n in (1, 2)
    )
    told = [{"criterion": "D1", "rating": 2, "evidence": [seen, raised]}]
    gates = [{"gate": "norm_accepted", "met": True, "evidence": [raised]}]
    body = sent.assessment(cast, ratings=told, gates=gates)
    pk = sent.saved(api, "assessments/", body)["id"]
    Interaction.objects.filter(pk=raised).update(level=4)
    path = f"assessments/{pk}/"
    shown = api.get(path).json()
    assert shown["ratings"][0]["evidence"] == [seen]
    changed = api.patch(path, {"ratings": [shown["ratings"][0] | {"rating": 3, "evidence": []}]})
    assert (changed.status_code, changed.json()["level"]) == (200, shown["level"])
    screen = reverse("assessment_rate", args=[pk, "conditions"])
    version = changed.json()["version"]
    cast.amina.page.post(screen, {"norm_accepted-met": "no", "version": version})
    stored = Assessment.objects.get(pk=pk)
    assert stored.ratings.get().rating == 3
    assert [str(e.record) for e in RatingEvidence.objects.all()] == [raised]
    assert [e["record"] for e in stored.gates.get().evidence] == [raised]
    # Taken out with its rating, it is gone: there is nothing left that could rest on it.
    api.patch(path, {"ratings": []})
    assert not RatingEvidence.objects.exists()


def test_incidents_and_recent_meetings_are_offered_where_they_bear_on_it(cast):
    api = cast.amina.api()
    sent.saved(api, "interactions/", sent.meeting(cast))
    sent.saved(api, "incidents/", sent.incident(cast))
    pk = rated(cast, {"D1": 2})
    pages = {
        name: words(cast.amina.page.get(reverse("assessment_rate", args=[pk, name])))
        for name in ("doctrine", "sanctions")
    }
    assert all(f", {sent.day(2)}" in page for page in pages.values())
    assert f", {sent.day(20)}" in pages["sanctions"]
    assert "Incident:" not in pages["doctrine"]


def test_it_describes_the_day_that_was_chosen(cast):
    address = reverse("assess", args=[cast.dossier.pk])
    future = cast.amina.page.post(address, {"as_of": sent.day(-3)})
    assert (future.status_code, Assessment.objects.count()) == (422, 0)
    assert "lies in the future" in future.content.decode()
    cast.amina.page.post(address, {"as_of": sent.day(40)})
    assert Assessment.objects.get().as_of.isoformat() == sent.day(40)
