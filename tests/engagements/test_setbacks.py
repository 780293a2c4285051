"""A fall of a dimension asks to look at its neighbours again, at the level at which it shows."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from engagements.models import Dossier
from scorecards.models import ReviewTask
from scorecards.scoring.method import Method
from tests.cast import Cast, person
from tests.engagements import sent
from tests.engagements.reading_pages import links, section, words

TRAINING = [
    one.code for one in Method.default().integration.criteria if one.dimension == "training"
]


def assessed(cast: Cast, ago: int, rating: int, **more: Any) -> str:
    """A final assessment of all of training, so many days ago."""
    amina, rosa = cast.amina.api(), cast.rosa.api()
    ratings = [{"criterion": code, "rating": rating, "grade": "A1"} | more for code in TRAINING]
    body = sent.assessment(cast, as_of=sent.day(ago), ratings=ratings)
    made = sent.saved(amina, "assessments/", body)["id"]
    for api, act in ((amina, "submit"), (rosa, "finalise")):
        answer = api.post(f"assessments/{made}/{act}/")
        assert answer.status_code == 200, answer.content
    sent.recompute()
    return str(made)


def fallen(cast: Cast) -> str:
    assessed(cast, 200, 3)
    return assessed(cast, 10, 2)


def tasks(cast: Cast) -> list[tuple[str, int, str]]:
    rows = ReviewTask.objects.filter(dossier=cast.dossier).order_by("subject", "level")
    return [(row.subject, row.level, row.progress) for row in rows]


def page_of(cast: Cast) -> str:
    return reverse("dossier", args=[cast.dossier.pk])


def test_a_fall_opens_a_task_for_each_neighbour_and_changes_no_number(cast: Cast) -> None:
    api = cast.amina.api()
    fallen(cast)
    card = api.get(f"scorecards/{cast.dossier.pk}/").json()
    assert card["dimensions"]["training"]["value"] == 0.5
    assert card["dimensions"]["doctrine"]["value"] is None
    assert tasks(cast) == [("doctrine", 3, "open"), ("equipment", 3, "open")]


def test_a_recompute_asks_only_once(cast: Cast) -> None:
    fallen(cast)
    sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast))
    sent.recompute()
    assert len(tasks(cast)) == 2


def test_a_rise_opens_none(cast: Cast) -> None:
    assessed(cast, 200, 2)
    assessed(cast, 10, 3)
    assert tasks(cast) == []


def test_the_dossier_and_the_home_page_say_so(cast: Cast) -> None:
    fallen(cast)
    page = cast.amina.page.get(page_of(cast))
    assert "Training fell from 0.75 to 0.50: look at doctrine and equipment again" in words(page)
    reviews = {reverse("review", args=[row.pk]) for row in ReviewTask.objects.all()}
    assert reviews <= links(page)
    home = cast.amina.page.get("/")
    assert "Look at doctrine again" in section(home, "todo")
    assert reviews <= links(home)
    elsewhere = cast.oskar.page.get("/")
    assert "Look at" not in words(elsewhere)


def test_closing_needs_a_note_and_is_not_asked_again(cast: Cast) -> None:
    made = fallen(cast)
    task = ReviewTask.objects.get(subject="doctrine")
    client, address = cast.amina.page, reverse("review", args=[task.pk])
    shown = client.get(address)
    assert "Training fell from 0.75 to 0.50" in words(shown)
    assert reverse("assessment", args=[made]) in links(shown)
    assert reverse("assess", args=[cast.dossier.pk]) in links(shown)
    empty = client.post(address, {"version": 1, "progress": "done", "note": "  "})
    assert empty.status_code == 422
    assert "Say what you found" in empty.content.decode()
    assert ReviewTask.objects.get(pk=task.pk).progress == "open"
    done = client.post(
        address, {"version": 1, "progress": "done", "note": "The order stands as it was"}
    )
    assert done["Location"] == page_of(cast)
    after = words(client.get(address))
    assert "The order stands as it was" in after
    assert "amina" in after.lower()
    page = words(client.get(page_of(cast)))
    assert "look at equipment again" in page
    assert "doctrine and" not in page
    sent.saved(cast.amina.api(), "incidents/", sent.incident(cast))
    sent.recompute()
    assert [row for row in tasks(cast) if row[2] == "open"] == [("equipment", 3, "open")]


def test_two_who_close_at_once_do_not_write_over_each_other(cast: Cast) -> None:
    fallen(cast)
    address = reverse("review", args=[ReviewTask.objects.get(subject="doctrine").pk])
    told = {"version": 1, "progress": "done", "note": "Mine"}
    cast.amina.page.post(address, told)
    late = cast.rosa.page.post(address, told | {"note": "Hers"}, follow=True)
    assert "Mine" in late.content.decode()
    assert ReviewTask.objects.get(subject="doctrine").note == "Mine"


@pytest.mark.parametrize("told", [{"version": "x"}, {"progress": "open"}, {"note": "x" * 4001}])
def test_bad_input_closes_nothing(cast: Cast, told: dict[str, str]) -> None:
    fallen(cast)
    task = ReviewTask.objects.get(subject="doctrine")
    good = {"version": "1", "progress": "done", "note": "Looked"}
    answer = cast.amina.page.post(reverse("review", args=[task.pk]), good | told)
    assert answer.status_code == 422
    assert ReviewTask.objects.get(pk=task.pk).progress == "open"


def test_a_reader_below_learns_of_no_fall_that_shows_above(cast: Cast) -> None:
    """What the second assessment rests on is of level 3: at 2 the earlier ratings still stand."""
    Dossier.objects.filter(pk=cast.dossier.pk).update(level=1)
    api, below = cast.amina.api(), person("Petra", "head", 2, cast.valdoria).page
    low, high = (
        sent.saved(api, "interactions/", sent.meeting(cast, level=level))["id"] for level in (2, 3)
    )
    assessed(cast, 200, 3, evidence=[low])
    before = words(below.get(page_of(cast)))
    assessed(cast, 10, 1, evidence=[high])
    assert {level for _, level, _ in tasks(cast)} == {3}
    assert "Training fell" in words(cast.amina.page.get(page_of(cast)))
    hidden = reverse("review", args=[ReviewTask.objects.filter(subject="doctrine").get().pk])
    assert words(below.get(page_of(cast))) == before
    assert "Look at" not in words(below.get("/"))
    for address in (hidden, reverse("review", args=[uuid4()])):
        assert below.get(address).status_code == 404
        assert below.post(address, {}).status_code == 404


def test_a_task_above_keeps_none_from_a_reader_whose_level_shows_the_fall_later(
    cast: Cast,
) -> None:
    Dossier.objects.filter(pk=cast.dossier.pk).update(level=1)
    api, rosa = cast.amina.api(), cast.rosa.api()
    low, high = (
        sent.saved(api, "interactions/", sent.meeting(cast, level=level))["id"] for level in (2, 3)
    )
    assessed(cast, 200, 3, evidence=[low])
    assessed(cast, 10, 1, evidence=[high])
    assert {level for _, level, _ in tasks(cast)} == {3}
    answer = rosa.patch(f"interactions/{high}/", {"level": 2, "reason": "Known by now"})
    assert answer.status_code == 200, answer.content
    sent.recompute()
    assert {level for _, level, _ in tasks(cast)} == {2, 3}


def test_an_analyst_has_no_tasks(cast: Cast) -> None:
    fallen(cast)
    task = ReviewTask.objects.get(subject="doctrine")
    assert "fell from" not in words(cast.ann.page.get(page_of(cast)))
    assert cast.ann.page.get(reverse("review", args=[task.pk])).status_code == 404


def test_once_the_assessment_is_withdrawn_the_task_says_that_the_fall_is_gone(cast: Cast) -> None:
    made = fallen(cast)
    cast.rosa.api().post(f"assessments/{made}/withdraw/", {"reason": "Wrong group"})
    sent.recompute()
    assert "The fall no longer shows" in words(cast.amina.page.get(page_of(cast)))
