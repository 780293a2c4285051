"""Two raters on one dossier do not see each other's ratings before both are handed in."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.cast import person
from tests.engagements import sent


@pytest.fixture
def sami(cast):
    """A second delegate in Valdoria."""
    return person("Sami", "delegate", 3, cast.valdoria)


def drafted(cast, who, rating=1, **more):
    ratings = [{"criterion": "D1", "rating": rating, "grade": "B2"}]
    body = sent.assessment(cast, ratings=ratings, **more)
    return f"assessments/{sent.saved(who.api(), 'assessments/', body)['id']}/"


def handed_in(cast, who, rating=1, **more):
    path = drafted(cast, who, rating, **more)
    assert who.api().post(f"{path}submit/").status_code == 200
    return path


def sees(who, path):
    page = who.page.get(f"/{path}").status_code
    api = who.api().get(path).status_code
    listed = path.split("/")[1] in who.api().ids("assessments/")
    assert (page == 200, listed) == (api == 200, api == 200)
    return api == 200


def test_what_is_handed_in_is_seen_by_reviewers_and_by_the_other_rater_once_theirs_is(cast, sami):
    first = handed_in(cast, cast.amina)
    assert sees(cast.rosa, first)
    assert not sees(sami, first)
    second = drafted(cast, sami)
    assert not sees(sami, first)
    sami.api().post(f"{second}submit/")
    assert sees(sami, first)
    assert sees(cast.amina, second)


def test_a_head_who_rates_the_same_weeks_sees_the_other_after_handing_in(cast):
    first = handed_in(cast, cast.amina, as_of=sent.day(31))
    own = drafted(cast, cast.rosa)
    assert not sees(cast.rosa, first)
    assert cast.rosa.api().post(f"{first}finalise/").status_code == 404
    cast.rosa.api().post(f"{own}submit/")
    assert sees(cast.rosa, first)
    assert cast.rosa.api().post(f"{first}finalise/").json()["state"] == "final"


def test_assessments_of_other_weeks_hide_nothing(cast):
    first = handed_in(cast, cast.amina, as_of=sent.day(32))
    drafted(cast, cast.rosa)
    assert sees(cast.rosa, first)


def test_returned_it_is_its_authors_alone_and_the_other_is_hidden_from_them_again(cast, sami):
    first, second = handed_in(cast, cast.amina), handed_in(cast, sami)
    assert cast.rosa.api().post(f"{first}return/", {"note": "Date it"}).status_code == 204
    assert not sees(sami, first)
    assert not sees(cast.amina, second)


def test_an_analyst_sees_it_when_it_is_final(cast):
    path = handed_in(cast, cast.amina)
    assert not sees(cast.ann, path)
    cast.rosa.api().post(f"{path}finalise/")
    assert sees(cast.ann, path)


def test_what_became_final_meanwhile_is_not_told_as_the_previous_rating(cast, sami):
    before = handed_in(cast, cast.amina, 3, as_of=sent.day(90))
    cast.rosa.api().post(f"{before}finalise/")
    own = drafted(cast, sami)
    other = handed_in(cast, cast.amina, 0)
    cast.rosa.api().post(f"{other}finalise/")
    screen = sami.page.get(reverse("assessment_rate", args=[own.split("/")[1], "doctrine"]))
    told = screen.content.decode()
    assert f"Rated 3 on {sent.day(90)}." in told
    assert "Rated 0 on" not in told
    assert "lowered from 3" in told
