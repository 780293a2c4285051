"""A dossier moves on the stage ladder: assessed, confirmed, held down, frozen, withdrawn."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from engagements.ageing import look_again
from engagements.scorer import rescore
from records.models import Job
from scorecards.models import Assessment, Publication, StageMove
from tests.cast import Api, Cast, person
from tests.engagements import sent

PROGRAMME = ["P1", "P2", "P4"]
DOCTRINE = [f"D{number}" for number in (1, 2, 3, 4, 5, 9, 10, 11)]
TRAINING = ["Te1", "Te2", "Te3", "Te4", *(f"Tt{number}" for number in range(1, 8))]


def stage_of(api: Api, cast: Cast, asked: str = "") -> dict[str, Any]:
    answer = api.get(f"scorecards/{cast.dossier.pk}/{asked}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()["stage"]
    return found


def met(cast: Cast, before: int, **more: Any) -> str:
    body = sent.meeting(cast, **{"held_on": sent.day(before), "level": 2, **more})
    return str(sent.saved(cast.amina.api(), "interactions/", body)["id"])


def finalised(cast: Cast, **content: Any) -> str:
    """An assessment by Amina, handed in and let count by Rosa."""
    api = cast.amina.api()
    row = sent.saved(api, "assessments/", sent.assessment(cast, **content))
    path = f"assessments/{row['id']}/"
    assert api.post(f"{path}submit/").status_code == 200
    answer = cast.rosa.api().post(f"{path}finalise/")
    assert answer.status_code == 200, answer.content
    sent.recompute()
    return path


def yes(*gates: str, on: list[str]) -> list[dict[str, Any]]:
    return [{"gate": gate, "met": True, "evidence": on, "grade": "B2"} for gate in gates]


def rated(criteria: list[str], value: int, on: list[str]) -> list[dict[str, Any]]:
    return [
        {"criterion": code, "rating": value, "grade": "A1", "evidence": on} for code in criteria
    ]


@pytest.fixture
def met_twice(cast: Cast) -> list[str]:
    """Two talks about the rules, with the top and with senior command."""
    return [met(cast, 20, highest_level="L1"), met(cast, 10, highest_level="L2")]


def at_stage_3(cast: Cast, on: list[str]) -> None:
    finalised(cast, ratings=rated(["D11"], 3, on), gates=yes("safety_assured", on=on))
    finalised(cast, ratings=rated(["D1"], 2, on), gates=yes("norm_restated", on=on))
    finalised(cast, ratings=rated(["D1"], 2, on), gates=yes("norm_accepted", on=on))


def proposed_4(cast: Cast, on: list[str]) -> str:
    at_stage_3(cast, on)
    ratings = rated([*PROGRAMME, *DOCTRINE, *TRAINING], 3, on)
    return finalised(cast, ratings=ratings)


def test_final_assessments_lift_it_step_by_step(cast: Cast, met_twice: list[str]) -> None:
    api = cast.amina.api()
    sent.recompute()
    assert stage_of(api, cast)["level"] == 0
    missing = stage_of(api, cast)["missing_for_next"]
    assert missing == ["Safety assured: not answered yet"]
    for expected, gate in enumerate(["safety_assured", "norm_restated", "norm_accepted"], start=1):
        content = rated(["D11"], 3, met_twice)
        finalised(cast, ratings=content, gates=yes(gate, on=met_twice))
        stage = stage_of(api, cast)
        assert (stage["level"], stage["since"]) == (expected, sent.day())
        assert stage["reason"] == "risen"
    assert stage["name"] == "accepted"
    assert "Doctrine at 0.50 or more; not enough evidence" in stage["missing_for_next"]

    moves = api.get(f"scorecards/{cast.dossier.pk}/stage/").json()["results"]
    assert [(row["before"], row["after"]) for row in moves] == [(2, 3), (1, 2), (0, 1)]
    assert {row["author"] for row in moves} == {str(cast.amina.user.pk)}
    behind = {(one["gate"], one["id"]) for one in moves[0]["evidence"]}
    assert {("norm_accepted", pk) for pk in met_twice} <= behind
    opened = {one["href"] for one in moves[0]["evidence"]}
    assert all(api.get(href).status_code == 200 for href in opened)


def test_the_same_facts_on_the_same_day_make_no_second_move(
    cast: Cast, met_twice: list[str]
) -> None:
    at_stage_3(cast, met_twice)
    before = list(StageMove.objects.values())
    published = Publication.objects.count()
    with transaction.atomic():
        rescore(cast.dossier.pk, as_of=timezone.localdate(), everything=True)
    assert list(StageMove.objects.values()) == before
    assert Publication.objects.count() == published


def test_stage_4_waits_for_a_second_person(cast: Cast, met_twice: list[str]) -> None:
    proposed_4(cast, met_twice)
    amina, rosa = cast.amina.api(), cast.rosa.api()
    stage = stage_of(amina, cast)
    assert stage["level"] == 3
    assert stage["proposed"]["level"] == 4
    path = f"scorecards/{cast.dossier.pk}/stage/confirm/"
    assert amina.post(path).status_code == 403
    assert cast.ann.api().post(path).status_code == 403
    assert cast.oskar.api().post(path).status_code == 404
    assert rosa.post(path, {"note": 3}).status_code == 400
    assert rosa.post(path, {"why": "x"}).status_code == 400
    assert stage_of(amina, cast)["level"] == 3

    answer = rosa.post(path, {"note": "Read the orders myself."})
    assert answer.status_code == 200, answer.content
    assert answer.json()["results"][0]["confirmed_by"] == str(cast.rosa.user.pk)
    sent.recompute()
    stage = stage_of(amina, cast)
    assert (stage["level"], stage["proposed"]) == (4, None)
    assert sent.refused(rosa.post(path)) == {
        "stage": "No rise of this dossier waits for confirmation."
    }


def test_a_head_does_not_confirm_on_their_own_assessment(cast: Cast, met_twice: list[str]) -> None:
    at_stage_3(cast, met_twice)
    rosa, second = cast.rosa.api(), person("Hana", "head", 4, cast.valdoria)
    ratings = rated([*PROGRAMME, *DOCTRINE, *TRAINING], 3, met_twice)
    row = sent.saved(rosa, "assessments/", sent.assessment(cast, ratings=ratings))
    rosa.post(f"assessments/{row['id']}/submit/")
    assert second.api().post(f"assessments/{row['id']}/finalise/").status_code == 200
    sent.recompute()
    path = f"scorecards/{cast.dossier.pk}/stage/confirm/"
    refused = rosa.post(path)
    assert refused.status_code == 403
    assert "your own assessment" in refused.json()["detail"]
    page = cast.rosa.page.get(reverse("dossier", args=[cast.dossier.pk])).content.decode()
    assert "somebody else confirms it" in page
    assert "Confirm stage 4" not in page
    assert second.api().post(path).status_code == 200


def test_a_proposal_whose_conditions_no_longer_hold_lapses(
    cast: Cast, met_twice: list[str]
) -> None:
    path = proposed_4(cast, met_twice)
    api = cast.rosa.api()
    assert api.post(f"{path}withdraw/", {"reason": "Wrong dossier"}).status_code == 200
    confirm = f"scorecards/{cast.dossier.pk}/stage/confirm/"
    assert "no longer hold" in sent.refused(api.post(confirm))["stage"]
    sent.recompute()
    assert stage_of(api, cast)["proposed"] is None
    assert StageMove.objects.get(after=4).progress == "lapsed"


def test_an_ordered_breach_holds_it_at_3_at_once_and_its_refutation_frees_it(
    cast: Cast, met_twice: list[str]
) -> None:
    proposed_4(cast, met_twice)
    rosa = cast.rosa.api()
    rosa.post(f"scorecards/{cast.dossier.pk}/stage/confirm/")
    sent.recompute()
    body = sent.incident(cast, attribution="ordered", level=2)
    row = sent.saved(cast.amina.api(), "incidents/", body)
    sent.recompute()
    stage = stage_of(rosa, cast)
    assert (stage["level"], stage["reason"]) == (3, "ordered_breach")
    moves = rosa.get(f"scorecards/{cast.dossier.pk}/stage/").json()["results"]
    assert moves[0]["evidence"][0]["id"] == row["id"]
    assert moves[0]["author"] is None

    changed = {"standard": "refuted", "reason": "Seen by both sides"}
    assert cast.amina.api().patch(f"incidents/{row['id']}/", changed).status_code == 200
    sent.recompute()
    assert stage_of(rosa, cast)["level"] == 4
    moves = rosa.get(f"scorecards/{cast.dossier.pk}/stage/").json()["results"]
    assert moves[0]["state"] == "withdrawn"


def test_what_a_withdrawn_meeting_lifted_falls_back_and_returns_with_it(
    cast: Cast, met_twice: list[str]
) -> None:
    at_stage_3(cast, met_twice)
    api = cast.amina.api()
    other = met(cast, 5, type="pract")
    for held in met_twice:
        assert api.post(f"interactions/{held}/withdraw/", {"reason": "Invented"}).status_code == 200
    sent.recompute()
    assert other
    assert stage_of(api, cast)["level"] == 0
    for held in met_twice:
        assert api.post(f"interactions/{held}/restore/", {"reason": "True"}).status_code == 200
    sent.recompute()
    assert stage_of(api, cast)["level"] == 3


def test_twelve_silent_months_freeze_it(cast: Cast, met_twice: list[str]) -> None:
    at_stage_3(cast, met_twice)
    later = timezone.localdate() + timedelta(days=400)
    with transaction.atomic():
        rescore(cast.dossier.pk, as_of=later, everything=True)
    stage = stage_of(cast.amina.api(), cast)
    assert (stage["level"], stage["frozen"], stage["flags"]) == (3, True, ["frozen"])
    page = cast.amina.page.get(reverse("dossier", args=[cast.dossier.pk])).content.decode()
    assert "No contact for twelve months" in page
    assert 'class="steps frozen"' in page


def test_a_new_leader_costs_a_step_after_180_days_unless_it_is_reaffirmed(
    cast: Cast, met_twice: list[str]
) -> None:
    at_stage_3(cast, met_twice)
    api = cast.amina.api()
    path = f"contexts/{cast.valdoria.pk}/"
    fact: dict[str, Any] = {"kind": "leader_change", "value": "A new commander", "from": sent.day()}
    fact |= {"armed_group": str(cast.group.pk), "grade": "B2", "level": 2, "source": "Two people"}
    assert api.patch(path, {"facts": [fact]}).status_code == 200
    sent.recompute()
    assert stage_of(api, cast)["flags"] == ["leader_change"]
    with transaction.atomic():
        rescore(cast.dossier.pk, as_of=_in_days(179), everything=True)
    assert stage_of(api, cast)["level"] == 3
    with transaction.atomic():
        rescore(cast.dossier.pk, as_of=_in_days(180), everything=True)
    assert (stage_of(api, cast)["level"], stage_of(api, cast)["reason"]) == (2, "leader_change")


def test_time_alone_freezes_and_lowers_it_in_the_daily_look(
    cast: Cast, met_twice: list[str]
) -> None:
    at_stage_3(cast, met_twice)
    api = cast.amina.api()
    assert look_again(cast.dossier.pk, as_of=_in_days(1)) == "same"
    assert look_again(cast.dossier.pk, as_of=_in_days(356)) == "aged"
    assert stage_of(api, cast)["flags"] == ["frozen"]
    StageMove.objects.update(moved_on=_in_days(-200))
    back = yes("acceptance_retracted", on=met_twice)
    finalised(cast, ratings=[], gates=back)
    assert stage_of(api, cast)["level"] == 3
    assert look_again(cast.dossier.pk, as_of=_in_days(179)) != "repaired"
    assert stage_of(api, cast)["level"] == 3
    assert look_again(cast.dossier.pk, as_of=_in_days(180)) == "aged"
    assert (stage_of(api, cast)["level"], stage_of(api, cast)["reason"]) == (2, "acceptance_lost")
    assert look_again(cast.dossier.pk, as_of=_in_days(180)) == "same"


def _in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_evidence_of_level_4_moves_only_what_clearance_4_sees(
    cast: Cast, met_twice: list[str]
) -> None:
    at_stage_3(cast, met_twice)
    Membership.objects.filter(user=cast.amina.user).update(clearance=3)
    rosa = cast.rosa
    api = cast.amina.api()
    addresses = [f"scorecards/{cast.dossier.pk}/{rest}" for rest in ("", "stage/", "history/")]
    before = [(api.get(one).content, api.get(one).headers["ETag"]) for one in addresses]

    page = rosa.page
    sealed = _secret_meeting(cast)
    _sealed_assessment(cast, sealed)
    sent.recompute()
    assert [(api.get(one).content, api.get(one).headers["ETag"]) for one in addresses] == before
    shown = page.get(reverse("scores_json", args=[cast.dossier.pk])).json()
    assert shown["scorecard"]["clearance"] == 4
    assert (shown["scorecard"]["stage"]["level"], shown["scorecard"]["stage"]["reason"]) == (
        2,
        "repudiated",
    )
    assert (
        "repudiated"
        not in cast.amina.page.get(reverse("stage_moves", args=[cast.dossier.pk]))
        .content.decode()
        .lower()
    )
    move = StageMove.objects.get(reason="repudiated")
    assert move.level == 4


def _secret_meeting(cast: Cast) -> str:
    from engagements.models import Interaction

    held = met(cast, 3)
    Interaction.objects.filter(pk=held).update(level=4)
    Job.objects.all().delete()
    return held


def _sealed_assessment(cast: Cast, sealed: str) -> None:
    from uuid import UUID

    from engagements.services import assessments as service
    from scorecards.services.assessments import AssessmentContent, Evidence, GateContent

    second = person("Hana", "head", 4, cast.valdoria)
    link = Evidence(kind="interaction", record=UUID(sealed), level=4)
    content = AssessmentContent(
        as_of=timezone.localdate(),
        gates=(GateContent(gate="repudiated_by_l1", met=True, evidence=(link,), grade="A1"),),
    )
    row = service.record_assessment(second.viewer, cast.dossier, content)
    service.submit_assessment(second.viewer, row.pk)
    service.finalise_assessment(cast.rosa.viewer, row.pk)


def test_a_reader_of_months_sees_no_day_no_name_and_no_link(cast: Cast) -> None:
    held = [met(cast, 20, highest_level="L1", level=3), met(cast, 10, level=3)]
    at_stage_3(cast, held)
    ann = cast.ann.api()
    assert stage_of(ann, cast)["since"] == sent.day()[:7]
    moves = ann.get(f"scorecards/{cast.dossier.pk}/stage/").json()["results"]
    assert {row["moved_on"] for row in moves} == {sent.day()[:7]}
    assert all("author" not in row and row["evidence"] == [] for row in moves)
    page = cast.ann.page.get(reverse("stage_moves", args=[cast.dossier.pk])).content.decode()
    assert sent.day() not in page
    assert "Amina" not in page


def test_the_page_says_what_is_missing_and_links_to_the_form_that_supplies_it(
    cast: Cast, met_twice: list[str]
) -> None:
    at_stage_3(cast, met_twice)
    address = reverse("dossier", args=[cast.dossier.pk])
    page = cast.amina.page.get(address).content.decode()
    assert re.search(r'class="step here"[^>]*>accepted', page, re.IGNORECASE)
    assert "P1, " in page
    assess = reverse("assess", args=[cast.dossier.pk])
    assert f'href="{assess}"' in page
    cast.amina.page.post(assess)
    page = cast.amina.page.get(address).content.decode()
    assert "/rate/programme/#P1" in page
    assert "/rate/doctrine/" in page
    moves = cast.amina.page.get(reverse("stage_moves", args=[cast.dossier.pk])).content.decode()
    for held in met_twice:
        assert reverse("meeting", args=[held]) in moves


def test_the_page_confirms_a_proposed_rise(cast: Cast, met_twice: list[str]) -> None:
    proposed_4(cast, met_twice)
    address = reverse("dossier", args=[cast.dossier.pk])
    assert "Confirm stage 4" not in cast.amina.page.get(address).content.decode()
    page = cast.rosa.page
    assert "Confirm stage 4" in page.get(address).content.decode()
    path = reverse("stage_confirm", args=[cast.dossier.pk])
    assert cast.oskar.page.post(path).status_code == 404
    assert cast.amina.page.post(path).status_code == 403
    shown = page.post(path, {"note": ""}, follow=True).content.decode()
    assert "Confirmed: the dossier stands at stage 4." in shown
    again = page.post(path, follow=True).content.decode()
    assert "No rise of this dossier waits" in again
    sent.recompute()
    assert "Confirm stage" not in page.get(address).content.decode()


def test_a_group_that_split_off_starts_where_its_parent_stood(
    cast: Cast, met_twice: list[str]
) -> None:
    at_stage_3(cast, met_twice)
    rosa = cast.rosa.api()
    tie = {"relation": "split_from", "group": str(cast.group.pk), "from": sent.day()}
    child = sent.saved(
        rosa,
        "armed-groups/",
        {
            "name": "River Splinter",
            "context": str(cast.valdoria.pk),
            "level": 1,
            "lineage": [tie],
        },
    )
    body = {**sent.engagement(cast), "armed_group": child["id"]}
    engagement = sent.saved(cast.amina.api(), "engagements/", body)
    sent.recompute()
    rows = cast.amina.api().get(f"scorecards/?engagement={engagement['id']}").json()["results"]
    stage = rows[0]["stage"]
    assert (stage["level"], stage["reason"], stage["provisional"]) == (2, "inherited", True)


def test_the_screen_of_conditions_links_the_meeting_that_shows_one(
    cast: Cast, met_twice: list[str]
) -> None:
    page = cast.amina.page
    page.post(reverse("assess", args=[cast.dossier.pk]))
    draft = Assessment.objects.get(stage="draft")
    screen = reverse("assessment_rate", args=[draft.pk, "conditions"])
    assert met_twice[0] in page.get(screen).content.decode()
    told = {"version": draft.version, "safety_assured-met": "yes"}
    told |= {"safety_assured-evidence": [met_twice[0]], "safety_assured-grade": "B2"}
    assert page.post(screen, told).status_code == 302
    assert draft.gates.get().evidence == [{"kind": "interaction", "record": met_twice[0]}]
    shown = page.get(screen).content.decode()
    assert re.search(rf'value="{met_twice[0]}"[^>]* checked', shown)
    foreign = told | {"version": draft.version + 1, "safety_assured-evidence": [str(draft.pk)]}
    assert page.post(screen, foreign).status_code == 422


def test_the_list_of_groups_and_the_time_line_show_where_it_stands(
    cast: Cast, met_twice: list[str]
) -> None:
    page = reverse("groups")
    assert "not placed yet" in cast.amina.page.get(page).content.decode()
    at_stage_3(cast, met_twice)
    shown = cast.amina.page.get(page).content.decode()
    assert 'data-label="Stage">Accepted<' in shown
    assert "not placed yet" not in shown
    line = cast.amina.page.get(reverse("dossier", args=[cast.dossier.pk])).content.decode()
    for step in ("0 to 1, contact", "1 to 2, familiarised", "2 to 3, accepted"):
        assert step in line
    assert "0 to 1, contact" not in cast.oskar.page.get(page).content.decode()
