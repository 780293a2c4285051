"""The page of a dossier: what it says of the scores, to whom, and what each number rests on."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from engagements.tasks import sweep_jobs
from records.models import Job
from scorecards.models import Standing
from tests.engagements import sent
from tests.engagements.log_pages import logged
from tests.engagements.reading_pages import links, section, words

READINGS = [{"factor": "GR4", "rating": 3}, {"factor": "QI1", "rating": 4}]


@pytest.fixture
def address(cast):
    return reverse("dossier", args=[cast.dossier.pk])


def evidence(cast, kind="success-factors", **cut):
    query = "&".join(f"{name}={code}" for name, code in cut.items())
    return reverse("evidence", args=[cast.dossier.pk, kind]) + f"?{query}"


def met(cast, **more):
    """A meeting, scored; its id."""
    told = {"readings": READINGS, **more}
    made = sent.saved(cast.rosa.api(), "interactions/", sent.meeting(cast, **told))
    sweep_jobs()
    return made["id"]


def assessed(cast, criteria, rating=2, **more):
    ratings = [{"criterion": code, "rating": rating, "grade": "A1", **more} for code in criteria]
    api, head = cast.amina.api(), cast.rosa.api()
    made = sent.saved(api, "assessments/", sent.assessment(cast, ratings=ratings))
    for client, step in ((api, "submit"), (head, "finalise")):
        answer = client.post(f"assessments/{made['id']}/{step}/")
        assert answer.status_code == 200, answer.content
    sweep_jobs()
    return made["id"]


def test_a_dossier_says_what_it_is_and_that_it_is_a_planning_aid(cast, address):
    met(cast)
    page = words(cast.amina.page.get(address))
    assert f"{cast.ngo.name} × {cast.group.name} × The law as a whole" in page
    assert "at clearance 3" in page
    assert re.search(r"A planning aid from \d+ facts ?, not a finding about a party", page)
    assert "You see this because you work as field delegate" in page


def test_its_title_names_nobody(cast, address):
    met(cast)
    title = re.search("<title>(.*?)</title>", cast.amina.page.get(address).content.decode())
    assert title is not None
    assert title.group(1) == "Parley - dossier"


def test_an_outsider_and_an_administrator_find_no_dossier_there(cast, address):
    pages = [address, address + "scores/", address + "scores.json", evidence(cast)]
    for page in pages:
        assert cast.amina.page.get(page).status_code in (200, 204)
        assert cast.oskar.page.get(page).status_code == 404
        assert cast.ada.page.get(page).status_code == 404


def test_without_evidence_it_shows_no_number_for_a_dimension(cast, address):
    sweep_jobs()
    card = section(cast.amina.page.get(address), "integration")
    assert card.count("not enough evidence") >= 4
    assert "Index not available" in card


def test_later_parts_have_their_place_and_no_invented_values(cast, address):
    sweep_jobs()
    page = cast.amina.page.get(address)
    assert "mapped" in section(page, "integration").lower()
    assert "No trend: nobody recorded how much was watched" in section(page, "violations")


def test_every_factor_opens_its_evidence(cast, address):
    held = met(cast)
    page = cast.amina.page.get(address)
    opened = evidence(cast, factor="GR4")
    assert opened in links(page)
    answer = cast.amina.page.get(opened)
    assert reverse("meeting", args=[held]) in links(answer)
    # One reading of 3 from a B2 meeting two days old: u = .75, r = .64.
    rows = words(answer)
    assert "3 of 4" in rows
    assert "B2, 0.6400" in rows
    weight = 0.64 * 0.5 ** (2 / 30.4375 / 12)
    mean = (1 + 0.75 * weight) / (2 + weight)
    assert f"mean = a / (a + b) = {mean:.4f}" in rows


def test_the_parts_of_the_evidence_add_up_to_the_score(cast, address):
    met(cast)
    shown = re.search(r"([\d.]+) of 100", section(cast.amina.page.get(address), "conditions"))
    total = re.search(r"50 \+ (\S+) = ([\d.]+)", words(cast.amina.page.get(evidence(cast))))
    assert shown is not None
    assert total is not None
    assert f"{float(total.group(2)):.1f}" == shown.group(1)


def test_a_bundle_a_hypothesis_and_a_criterion_open_their_part_alone(cast):
    met(cast)
    assessed(cast, ["D1", "D2"])
    bundle = words(cast.amina.page.get(evidence(cast, bundle="interaction")))
    assert "QI1 Personal trust" in bundle
    assert "GR4" not in bundle
    assert "GR3" in words(cast.amina.page.get(evidence(cast, hypothesis="H2")))
    criterion = words(cast.amina.page.get(evidence(cast, "scorecard", criterion="D1")))
    assert "D1 Rule in the texts" in criterion
    assert "D2" not in criterion


def test_an_unknown_part_is_not_found(cast):
    sweep_jobs()
    for cut in ({"factor": "XX9"}, {"bundle": "x"}, {"hypothesis": "H9"}):
        assert cast.amina.page.get(evidence(cast, **cut)).status_code == 404
    assert cast.amina.page.get(evidence(cast, "scorecard", criterion="Z1")).status_code == 404
    assert cast.amina.page.get(evidence(cast, "weather")).status_code == 404


def test_a_dimension_can_be_worked_out_again_from_its_evidence(cast, address):
    assessed(cast, [f"D{n}" for n in range(1, 9)], rating=3)
    page = words(cast.amina.page.get(evidence(cast, "scorecard", dimension="doctrine")))
    # Eight of eleven criteria rated 3 of 4 today with A1: R = .75, Q = 8/11.
    assert "R = Σ w q s / Σ w q = 6.0000 / 8.0000 = 0.7500" in page
    assert f"= 8.0000 / 11.0000 = {8 / 11:.4f}" in page
    assert "0.75" in section(cast.amina.page.get(address), "integration")


def test_not_assessed_rated_lowest_and_withdrawn_are_three_marks(cast):
    held = met(cast)
    assessed(cast, ["D1"], rating=0)
    assessed(cast, ["D2"], evidence=[held])
    rosa = cast.rosa.api()
    assert rosa.post(f"interactions/{held}/withdraw/", {"reason": "Doubled"}).status_code == 200
    sweep_jobs()
    page = words(cast.rosa.page.get(evidence(cast, "scorecard", dimension="doctrine")))
    for mark in ("rated lowest", "not assessed", "withdrawn"):
        assert mark in page


def test_what_lies_above_a_clearance_neither_moves_nor_marks_the_page(cast, address):
    met(cast)
    before = section(cast.amina.page.get(address), "conditions")
    logged(cast.rosa.page, cast.engagement, level="4")
    answer = cast.amina.page.get(address)
    assert "Recomputing" not in words(answer)
    assert "Recomputing" in words(cast.rosa.page.get(address))
    sweep_jobs()
    assert section(cast.amina.page.get(address), "conditions") == before
    assert section(cast.rosa.page.get(address), "conditions") != before


def test_an_analyst_gets_months_and_grouped_evidence(cast):
    met(cast, held_on="2026-10-14")
    for_delegate = cast.amina.page.get(evidence(cast, factor="GR4"))
    for_analyst = cast.ann.page.get(evidence(cast, factor="GR4"))
    assert "2026-10-14" in words(for_delegate)
    assert "2026-10-14" not in for_analyst.content.decode()
    assert "1 fact of level 3 and up, shown together" in words(for_analyst)
    figures = [
        re.search(r"mean = a / \(a \+ b\) = \S+", words(answer)).group()
        for answer in (for_delegate, for_analyst)
    ]
    assert figures[0] == figures[1]
    page = cast.ann.page.get(reverse("dossier", args=[cast.dossier.pk])).content.decode()
    assert "2026-10-14" not in page
    assert "2026-10" in page


def test_while_a_recompute_is_due_the_last_value_stands_greyed_and_the_page_asks_again(
    cast, address
):
    met(cast)
    fragment = address + "scores/"
    sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast, readings=READINGS))
    page = cast.amina.page.get(address)
    assert re.search(r"Recomputing; shown as of \d\d:\d\d", words(page))
    assert f'hx-get="{fragment}"' in page.content.decode()
    assert cast.amina.page.get(fragment).status_code == 204
    sweep_jobs()
    after = cast.amina.page.get(fragment)
    assert "Recomputing" not in words(after)
    assert "hx-get" not in after.content.decode()


def test_a_failed_recompute_says_why_and_can_be_tried_again(cast, address):
    met(cast)
    sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast, readings=READINGS))
    Job.objects.filter(state="waiting").update(state="failed", slot=None, error="OperationalError")
    page = cast.amina.page.get(address)
    assert "Could not be recomputed" in words(page)
    assert "OperationalError" in words(page)
    assert "hx-get" not in page.content.decode()
    retry = address + "recompute/"
    assert cast.ann.page.post(retry).status_code == 403
    assert cast.oskar.page.post(retry).status_code == 404
    assert cast.amina.page.post(retry).status_code == 302
    sweep_jobs()
    assert "Could not be recomputed" not in words(cast.amina.page.get(address))


def test_a_blocker_stands_on_top_with_its_record(cast, address):
    held = met(cast, readings=[{"factor": "GR2", "rating": 0}], grade="A1")
    page = cast.amina.page.get(address)
    assert "Blocked: rule denied as a core aim" in words(page)
    assert reverse("meeting", args=[held]) in links(page)


def test_why_it_moved_names_the_record_and_links_it(cast, address):
    met(cast)
    held = met(cast, readings=[{"factor": "GR4", "rating": 4}])
    page = cast.amina.page.get(address)
    assert re.search(r"Conditions [\d.]+ → [\d.]+", section(page, "moved"))
    assert reverse("meeting", args=[held]) in links(page)


def test_what_would_tell_us_most_names_five_open_questions(cast, address):
    met(cast)
    shown = section(cast.amina.page.get(address), "open-questions")
    assert shown.count("no facts yet") + shown.count("not assessed") + shown.count("fact,") >= 4


def test_commitments_and_incidents_stand_beside_the_card(cast, address):
    api = cast.amina.api()
    bound = sent.saved(api, "commitments/", sent.commitment(cast))["id"]
    happened = sent.saved(api, "incidents/", sent.incident(cast))["id"]
    sweep_jobs()
    page = cast.amina.page.get(address)
    assert "Signed" in section(page, "commitment")
    assert reverse("commitment", args=[bound]) in links(page)
    assert reverse("incident", args=[happened]) in links(page)
    assert "Murder or summary execution" in section(page, "violations")


def test_the_scores_as_json_are_those_of_the_api_and_reach_level_four(cast, address):
    met(cast)
    got = cast.rosa.page.get(address + "scores.json").json()
    assert got["success_factors"]["clearance"] == 4
    asked = cast.rosa.page.get(address + "scores.json?clearance=3").json()
    api = cast.rosa.api().get(f"success-factors/{cast.dossier.pk}/").json()
    assert {name: asked["success_factors"][name] for name in api} == api
    rows = got["success_factors"]["evidence"]["results"]
    assert {row["factor"] for row in rows} >= {"GR4", "QI1"}


def test_no_clearance_above_ones_own_and_no_day_to_come(cast, address):
    met(cast)
    page = cast.amina.page
    assert page.get(address + "scores.json?clearance=4").status_code == 400
    assert page.get(address + "scores.json?as_of=2999-01-01").status_code == 400
    earlier = page.get(address + "scores.json?as_of=2026-01-01").json()["success_factors"]
    assert earlier["as_of"] == "2026-01-01"
    assert earlier["facts"] == 0


def test_a_score_never_computed_says_so(cast, address):
    Standing.objects.update(scorecard=None, success_factors=None, asked=1, scored=0)
    page = words(cast.amina.page.get(address))
    assert "Not scored yet" in page
    assert "No score yet" in page
