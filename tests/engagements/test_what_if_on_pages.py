"""The pages of what-if and sensitivity: what they say, to whom, and that nothing is kept."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Dossier, Interaction
from engagements.tasks import sweep_jobs
from tests.engagements import sent
from tests.engagements.reading_pages import links, plain, section, words

READINGS = [{"factor": "GR4", "rating": 3}, {"factor": "QI1", "rating": 4}]
MEETING = {
    "type": "norm",
    "highest_level": "L1",
    "outcome": "2",
    "grade_source": "B",
    "grade_content": "2",
}


@pytest.fixture
def address(cast):
    sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast, readings=READINGS))
    sweep_jobs()
    return reverse("what_if", args=[cast.dossier.pk])


def score_in(page):
    """The score that the answer says: "63.2 of 100"."""
    found = re.search(r"([\d.]+) of 100", section(page, "answer"))
    assert found is not None
    return float(found.group(1))


def published(cast):
    return cast.amina.api().get(f"success-factors/{cast.dossier.pk}/").json()


def test_it_opens_on_the_score_as_it_is_and_says_what_it_is(cast, address):
    page = cast.amina.page.get(address)
    assert score_in(page) == round(published(cast)["score"], 1)
    assert "A planning aid, not a forecast" in words(page)
    assert "As it is" in section(page, "answer")
    assert address in links(cast.amina.page.get(reverse("dossier", args=[cast.dossier.pk])))


def test_there_is_a_slider_for_each_factor_with_weight_where_it_stands(cast, address):
    source = cast.amina.page.get(address).content.decode()
    sliders = dict(re.findall(r'type="range" name="mean-(\w+)" value="([\d.]+)"', source))
    factors = {row["factor"]: row for row in published(cast)["factors"]}
    assert set(sliders) == {code for code, row in factors.items() if row["weight"]}
    for code, value in sliders.items():
        assert value == f"{factors[code]['mean']:.2f}"
        assert f'<datalist id="now-{code}"><option value="{value}">' in source


def test_a_factor_without_facts_says_so_and_not_that_it_is_mixed(cast, address):
    source = cast.amina.page.get(address).content.decode()

    def said(factor):
        return re.search(rf'<output for="id_mean-{factor}">(.*?)</p>', source)

    assert plain(said("GR1").group(1)) == "0.50, no answer yet no facts"
    assert plain(said("QI1").group(1)).endswith("now 0.62")
    moved = cast.amina.page.post(address, {"mean-GR1": "0.75"}).content.decode()
    assert "0.75, rather so" in plain(moved)


def test_a_slider_moved_gives_what_the_api_gives(cast, address):
    page = cast.amina.page.post(address, {"mean-GR4": "0.9"})
    api = cast.amina.api()
    told = api.post(f"success-factors/{cast.dossier.pk}/what-if/", {"factors": {"GR4": 0.9}}).json()
    assert score_in(page) == round(told["score"], 1)
    said = section(page, "answer")
    assert f"between {told['spread']['p5']:.1f} and {told['spread']['p95']:.1f}" in said
    assert "Top command committed" in said
    assert 'value="0.9"' in page.content.decode()  # the slider stays where it was put


def test_a_slider_left_where_it_stood_moves_nothing(cast, address):
    stood = dict(
        re.findall(
            r'name="(mean-\w+)" value="([\d.]+)"', cast.amina.page.get(address).content.decode()
        )
    )
    assert "mean-GR4" in stood
    page = cast.amina.page.post(address, stood)
    assert "As it is" in section(page, "answer")
    # Logged meanwhile: what was not moved is no supposition, though it stands elsewhere now.
    was = {name.replace("mean", "was"): value for name, value in stood.items()}
    told = sent.meeting(cast, readings=[{"factor": "GR4", "rating": 0}], grade="A1")
    sent.saved(cast.amina.api(), "interactions/", told)
    assert "As it is" in section(cast.amina.page.post(address, {**stood, **was}), "answer")


def test_a_meeting_supposed_gives_what_the_api_gives_and_is_kept_nowhere(cast, address):
    more = {"levels": ["L2"], "reading-GR4": "4", "items-delivered": "2", "items-agreed": "1"}
    page = cast.amina.page.post(address, {**MEETING, **more})
    item = {"item": "supposed", "side": "ours"}
    body = {
        "type": "norm",
        "highest_level": "L1",
        "levels": ["L2"],
        "outcome": 2,
        "readings": [{"factor": "GR4", "rating": 4}],
        "practical_items": [
            *({**item, "state": "delivered"},) * 2,
            {**item, "state": "agreed"},
        ],
    }
    path = f"success-factors/{cast.dossier.pk}/what-if/"
    told = cast.amina.api().post(path, {"interaction": body}).json()
    assert score_in(page) == round(told["score"], 1)
    assert told["score"] > told["before"]["score"]
    assert Interaction.objects.count() == 1


def test_on_a_topic_the_supposed_meeting_touches_it(cast):
    sent.saved(cast.amina.api(), "dossiers/", sent.dossier(cast, norm="N11"))
    mines = Dossier.objects.get(engagement=cast.engagement, norm="N11")
    page = cast.amina.page.post(reverse("what_if", args=[mines.pk]), MEETING)
    assert "Long exposure to the rule" in section(page, "answer")


@pytest.mark.parametrize(
    ("sent_in", "said"),
    [
        ({"mean-GR4": "much"}, "Choose a value from 0 to 1."),
        ({"mean-GR4": "nan"}, "Choose a value from 0 to 1."),
        ({"mean-GR4": "1.5"}, "Choose a value from 0 to 1."),
        ({"type": "norm"}, "Say how it ended."),
        ({"type": "party"}, "Choose one of the answers shown."),
        ({"outcome": "2"}, "Say what kind of meeting it would be."),
        ({**MEETING, "held_on": "2999-01-01"}, "the day that is looked at"),
        ({**MEETING, "held_on": "soon"}, "Write the day as 2024-05-17."),
        ({**MEETING, "items-agreed": "-1"}, "greater than or equal to 0"),
        ({**MEETING, "type": "cancel"}, "has no outcome"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field_and_nothing_typed_is_lost(
    cast, address, sent_in, said
):
    page = cast.amina.page.post(address, {"mean-QI1": "0.1", **sent_in})
    assert page.status_code == 422
    source = page.content.decode()
    assert said in plain(source)
    assert 'class="wrong"' in source
    assert 'name="mean-QI1" value="0.1"' in source
    within = cast.amina.page.post(address, sent_in, headers={"HX-Request": "true"})
    assert within.status_code == 422
    assert said in plain(within.content.decode())
    assert "<form" not in within.content.decode()


def test_from_within_the_page_the_answer_and_its_line_come_alone(cast, address):
    answer = cast.amina.page.post(
        address, {"mean-GR4": "0.9"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert answer.lstrip().startswith('<section id="what-if-answer"')
    assert '<p id="what-if-line"' in answer
    assert "hx-swap-oob" in answer


def test_an_outsider_finds_neither_page(cast, address):
    for page in (address, reverse("sensitivity", args=[cast.dossier.pk])):
        for somebody in (cast.oskar, cast.ada, cast.aude):
            assert somebody.page.get(page).status_code == 404
            assert somebody.page.post(page, {"mean-GR4": "1"}).status_code in (404, 405)
        assert cast.amina.page.get(page).status_code == 200


def test_an_analyst_moves_factors_and_is_offered_no_meeting(cast, address):
    page = cast.ann.page.get(address)
    assert 'name="type"' not in page.content.decode()
    assert "You read meetings by the month" in words(page)
    before = score_in(page)
    moved = cast.ann.page.post(address, {"mean-GR4": "0.99", **MEETING, "outcome": "-2"})
    assert score_in(moved) > before
    turned = words(cast.ann.page.get(reverse("sensitivity", args=[cast.dossier.pk])))
    assert "Half-lives" not in turned
    assert "Prior strength, kappa" in turned


@pytest.mark.parametrize("name", ["what_if", "sensitivity"])
def test_a_page_costs_the_same_queries_for_one_meeting_as_for_ten(cast, address, name):
    def queries():
        client, page = cast.amina.page, reverse(name, args=[cast.dossier.pk])
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    before = queries()
    for number in range(10):
        told = sent.meeting(cast, readings=READINGS, held_on=sent.day(number))
        sent.saved(cast.amina.api(), "interactions/", told)
    assert queries() == before


# --- Sensitivity ----------------------------------------------------------------------------------


def test_the_page_begins_with_whether_the_conclusion_holds(cast, address):
    page = words(cast.amina.page.get(reverse("sensitivity", args=[cast.dossier.pk])))
    first = page.index("The conclusion holds: “no clear direction yet” stands whatever is turned")
    assert first < page.index("Without one factor")
    assert "There is no index to turn" in page
    assert "Prior strength, kappa" in page
    assert "1000 sets of weights" in page


def test_every_row_opens_the_evidence_behind_it(cast, address):
    page = cast.amina.page.get(reverse("sensitivity", args=[cast.dossier.pk]))
    evidence = reverse("evidence", args=[cast.dossier.pk, "success-factors"])
    assert f"{evidence}?factor=GR4" in links(page)
    assert "The other 19" in words(page)


def test_what_changes_the_conclusion_is_named(cast):
    judged = ("EN6", "NG1", "NG2", "NG4", "NG5", "NG6", "GR1", "GR2", "GR3", "GR4", "GR6", "GR7",
              "GR8", "GR9", "GR11", "QI1", "QI3")  # fmt: skip
    readings = [{"factor": code, "rating": 4} for code in judged]
    for number in range(2):
        told = sent.meeting(cast, readings=readings, held_on=sent.day(number), grade="A1")
        sent.saved(cast.amina.api(), "interactions/", told)
    path = f"success-factors/{cast.dossier.pk}/sensitivity/"
    found = cast.amina.api().get(path).json()["conclusion"]
    page = words(cast.amina.page.get(reverse("sensitivity", args=[cast.dossier.pk])))
    assert (found["word"], found["holds"]) == ("favourable", False)
    assert {"turned": "rho", "to": 0.6} in found["changes"]
    assert "does not hold throughout: “favourable” is lost" in page
    assert "at rho 0.6" in page
    assert "another conclusion" in page
