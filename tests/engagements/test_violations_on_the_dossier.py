"""The dossier's right side: trend in words with its numbers, pattern, four cells, periods."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from engagements.models import Dossier
from scorecards.models import Standing
from tests.cast import Cast, Person
from tests.engagements import sent
from tests.engagements.reading_pages import links, section, words
from tests.engagements.test_api_violations import quarter, report, watch

FALLING = "2 in 20 location-months, before 6 in 24: falling, probability 0.88"


def side(cast: Cast, person: Person | None = None, query: str = "") -> str:
    page = (person or cast.amina).page.get(reverse("dossier", args=[cast.dossier.pk]) + query)
    return section(page, "violations")


def falling(cast: Cast) -> None:
    api = cast.amina.api()
    report(api, cast, 400, 420, 440, 460, 480, 500, 20, 100)
    watch(api, cast, q1=8, q2=12, q5=12, q6=12)
    sent.recompute()


def with_index(cast: Cast, index: float) -> None:
    """An index as published: what the reading is read against."""
    for standing in Standing.objects.filter(dossier=cast.dossier).select_related("scorecard"):
        card: Any = standing.scorecard
        card.result["index"], card.value = index, index
        card.save()


def test_the_trend_stands_in_words_with_its_numbers(cast: Cast) -> None:
    falling(cast)
    shown = side(cast)
    assert f"All together {FALLING}" in shown
    assert f"Murder or summary execution {FALLING}" in shown
    assert "There is a trend and no index" in shown
    assert "much built in" not in shown


def test_without_effort_there_is_no_trend_and_a_way_to_record_it(cast: Cast) -> None:
    report(cast.amina.api(), cast, 20, 30)
    sent.recompute()
    page = cast.amina.page.get(reverse("dossier", args=[cast.dossier.pk]))
    shown = section(page, "violations")
    assert "No trend: nobody recorded how much was watched." in shown
    assert "2, watching not recorded, before 0, watching not recorded" in shown
    ground = f"?armed_group={cast.group.pk}&context={cast.valdoria.pk}"
    assert f"/observations/new/{ground}" in links(page)
    analyst = cast.ann.page.get(reverse("dossier", args=[cast.dossier.pk]))
    assert f"/observations/new/{ground}" not in links(analyst)
    assert f"/observations/{ground}" in links(analyst)


def test_the_period_that_lacks_effort_is_named(cast: Cast) -> None:
    api = cast.amina.api()
    report(api, cast, 20)
    watch(api, cast, q1=8)
    sent.recompute()
    assert "nobody recorded how much was watched in the older period." in side(cast)


def test_a_pattern_says_what_makes_it(cast: Cast) -> None:
    api = cast.amina.api()
    report(api, cast, 10, 20)
    sent.recompute()
    assert "A pattern" not in side(cast)
    report(api, cast, 30, attribution="ordered")
    sent.recompute()
    assert (
        "A pattern in the last twelve months: 3 credible or verified reports of "
        "murder or summary execution, 1 of them ordered from above." in side(cast)
    )


def test_one_report_is_spoken_of_as_one(cast: Cast) -> None:
    report(cast.amina.api(), cast, 10, attribution="ordered")
    sent.recompute()
    assert "1 credible or verified report of murder or summary execution, 1 of them" in side(cast)


@pytest.mark.parametrize(
    ("index", "cell", "words_of_it"),
    [
        (50, "much built in, fewer reports (here)", "Much is built in, and the rate falls."),
        (49.9, "little built in, fewer reports (here)", "Little is built in, yet the rate falls"),
    ],
)
def test_index_and_trend_meet_in_one_of_four_cells(
    cast: Cast, index: float, cell: str, words_of_it: str
) -> None:
    falling(cast)
    with_index(cast, index)
    # With periods picked the reading is worked out anew against the published index.
    picked = (
        f"?older_from={quarter(7)}&older_to={quarter(4)}"
        f"&newer_from={quarter(3)}&newer_to={quarter(0)}"
    )
    shown = side(cast, query=picked)
    assert cell in shown
    assert words_of_it in shown
    assert shown.count("(here)") == 1


def test_a_reader_may_pick_the_periods(cast: Cast) -> None:
    falling(cast)
    picked = (
        f"?older_from={quarter(2)}&older_to={quarter(2)}"
        f"&newer_from={quarter(1)}&newer_to={quarter(1)}"
    )
    shown = side(cast, query=picked)
    assert "in 8 location-months, before" in shown
    assert "in 12:" in shown
    assert "as you picked" in shown
    part = cast.amina.page.get(f"{reverse('dossier_scores', args=[cast.dossier.pk])}{picked}")
    assert "as you picked" in words(part)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"older_to": quarter(8)}, "This period ends before it begins."),
        ({"newer_from": quarter(5)}, "The newer period begins before the older one has ended."),
        ({"newer_to": "soon"}, "Choose one from the list."),
        ({"newer_to": ""}, "Choose one from the list."),
        ({"older_from": "\0"}, "Choose one from the list."),
    ],
)
def test_periods_that_cannot_be_compared_get_a_sentence(
    cast: Cast, change: dict[str, str], sentence: str
) -> None:
    falling(cast)
    usual = {
        "older_from": quarter(7),
        "older_to": quarter(4),
        "newer_from": quarter(3),
        "newer_to": quarter(0),
    }
    page = cast.amina.page.get(reverse("dossier", args=[cast.dossier.pk]), usual | change)
    shown = section(page, "violations")
    assert sentence in shown
    assert FALLING in shown
    assert "as you picked" not in shown


def test_what_lies_above_a_clearance_is_in_no_picked_period(cast: Cast) -> None:
    api = cast.rosa.api()
    low = Person(cast.ann.user)
    cast.ann.user.memberships.update(clearance=2)
    Dossier.objects.filter(pk=cast.dossier.pk).update(level=1)
    report(api, cast, 20, level=2)
    sent.saved(api, "observations/", sent.observation(cast, quarter=quarter(1), level=2))
    sent.recompute()
    picked = (
        f"?older_from={quarter(7)}&older_to={quarter(4)}"
        f"&newer_from={quarter(3)}&newer_to={quarter(0)}"
    )
    before = side(cast, low, picked)
    assert "1 in 4.5 location-months" in before
    report(api, cast, 30, 500, level=3)
    sent.saved(api, "observations/", sent.observation(cast, quarter=quarter(6), level=3))
    sent.recompute()
    assert side(cast, low, picked) == before


def test_an_analyst_reads_months(cast: Cast) -> None:
    report(cast.amina.api(), cast, 40)
    sent.recompute()
    source = cast.ann.page.get(reverse("dossier", args=[cast.dossier.pk])).content.decode()
    assert f"credible, {sent.day(40)[:7]}<" in source
    assert sent.day(40) not in source


def test_the_intensity_of_the_conflict_stands_beside(cast: Cast) -> None:
    sent.recompute()
    assert "Conflict intensity: not recorded" in side(cast)
    facts = [{"kind": "intensity", "value": "I2", "from": sent.day(100)[:7], "grade": "B2"}]
    answer = cast.rosa.api().patch(f"contexts/{cast.valdoria.pk}/", {"facts": facts})
    assert answer.status_code == 200, answer.content
    sent.recompute()
    assert f"recorded from {sent.day(100)[:7]}" in side(cast)
