"""Meetings to come: planned on a card, logged or called off from it, compared in one tap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from engagements.models import Draft, Interaction, Plan
from engagements.services.plans import PlanContent, record_plan
from tests.engagements.log_pages import answers, wrong

pytestmark = pytest.mark.django_db(transaction=True)


def card(cast, **changed):
    day = timezone.localdate() + timedelta(days=3)
    return {
        "engagement": str(cast.engagement.pk),
        "planned_on": day.isoformat(),
        "objective": "An order on children",
        "objections": ["no_means"],
        "stakeholder_1": "The elder",
    } | changed


def planned(cast, **changed):
    answer = cast.amina.page.post("/plans/new/", card(cast, **changed))
    assert answer.status_code == 302, answer.content
    return Plan.objects.get()


def test_a_meeting_is_planned_and_stands_under_coming(cast):
    plan = planned(cast)
    page = cast.amina.page.get("/plans/").content.decode()
    assert f"/plans/{plan.pk}/" in page
    shown = cast.amina.page.get(f"/plans/{plan.pk}/").content.decode()
    for words in ("An order on children", "No means", "The elder", plan.planned_on):
        assert words in shown
    assert "<title>Parley - planned meeting</title>" in shown


def test_a_plan_needs_its_group_and_a_day_to_come(cast):
    client = cast.amina.page
    page = client.post("/plans/new/", {"objective": "kept"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"engagement", "planned_on"}
    assert "kept" in page.content.decode()
    past = client.post("/plans/new/", card(cast, planned_on="2024-01-01"))
    assert "This day has passed" in past.content.decode()
    for bad in ({"planned_on": "soon"}, {"level": "9"}, {"place": "x" * 5000}, {"offer": "\0"}):
        assert client.post("/plans/new/", card(cast, **bad)).status_code == 422, bad
    assert not Plan.objects.exists()


def test_a_plan_is_logged_with_what_it_says_and_compared_in_one_tap(cast):
    client = cast.amina.page
    plan = planned(cast)
    started = client.post(
        "/log/start/", {"engagement": str(cast.engagement.pk), "plan": str(plan.pk)}
    )
    url = started.headers["Location"]
    assert client.get(url).context["form"].plan == plan
    saved = client.post(url, answers(plan=str(plan.pk), compared="above"))
    assert saved.status_code == 302, wrong(saved)
    plan.refresh_from_db()
    assert (plan.progress, plan.compared) == ("held", "above")
    assert Interaction.objects.get().plan == plan
    assert str(plan.pk) not in client.get("/plans/").content.decode()
    client.post(f"/plans/{plan.pk}/compare/", {"compared": "below"})
    plan.refresh_from_db()
    assert plan.compared == "below"


def test_a_planned_meeting_that_did_not_take_place_needs_only_why(cast):
    client = cast.amina.page
    plan = planned(cast)
    sent = {"engagement": str(cast.engagement.pk), "plan": str(plan.pk), "cancelled": "1"}
    url = client.post("/log/start/", sent).headers["Location"]
    said = dict(client.get(url).context["form"].answers)
    assert said["not_held"] == ["on"]
    assert client.post(url, said | {"summary": "The bridge was closed"}).status_code == 302
    plan.refresh_from_db()
    assert plan.progress == "cancelled"
    assert Interaction.objects.get().type == "cancel"


def test_a_plan_is_called_off_without_a_meeting(cast):
    plan = planned(cast)
    cast.amina.page.post(f"/plans/{plan.pk}/cancel/")
    plan.refresh_from_db()
    assert plan.progress == "cancelled"
    assert not Interaction.objects.exists()


def test_a_change_to_a_plan_that_somebody_changed_meanwhile_is_not_written_over(cast):
    plan = planned(cast)
    client, other = cast.amina.page, cast.rosa.page
    said = {key: value for key, value in card(cast).items() if key != "engagement"}
    other.post(f"/plans/{plan.pk}/change/", said | {"version": "1", "place": "The north"})
    page = client.post(f"/plans/{plan.pk}/change/", said | {"version": "1", "place": "The south"})
    assert page.status_code == 409
    assert "The north" in page.content.decode()
    assert "The south" in page.content.decode()
    plan.refresh_from_db()
    assert plan.place == "The north"
    again = client.post(f"/plans/{plan.pk}/change/", said | {"version": "2", "place": "The south"})
    assert again.status_code == 302
    plan.refresh_from_db()
    assert plan.place == "The south"


def test_an_outsider_and_an_analyst_find_no_plan(cast):
    plan = record_plan(
        cast.amina.viewer,
        PlanContent(engagement=cast.engagement, planned_on=timezone.localdate()),
    )
    for person in (cast.oskar, cast.ann, cast.ada):
        client = person.page
        assert client.get(f"/plans/{plan.pk}/").status_code == 404
        assert str(plan.pk) not in client.get("/plans/").content.decode()
        for act in ("cancel", "compare", "change"):
            assert client.post(f"/plans/{plan.pk}/{act}/", {"compared": "as"}).status_code == 404
        refused = client.post("/plans/new/", card(cast))
        assert refused.status_code == 422
        assert client.post("/log/start/", {"plan": str(plan.pk)}).status_code == 404
    assert Plan.objects.get().progress == "planned"
    assert not Draft.objects.exists()
