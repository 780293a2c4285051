"""Promises are settled and next steps closed where they stand; engagements and dossiers too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from engagements.models import Claim, FollowUp, Interaction
from scorecards.models import Standing
from tests.cast import Cast
from tests.engagements import sent
from tests.engagements.correct_pages import corrected, held, says
from tests.engagements.reading_pages import words


@pytest.fixture
def meeting(cast: Cast) -> str:
    body = sent.meeting(cast, next_step={"what": "Send the text", "due_on": sent.day(-5)}, level=2)
    return str(sent.saved(cast.amina.api(), "interactions/", body)["id"])


@pytest.fixture
def claim(cast: Cast, meeting: str) -> Claim:
    body = sent.claim(meeting, due_on=sent.day(3), level=2)
    return Claim.objects.get(pk=sent.saved(cast.amina.api(), "claims/", body)["id"])


@pytest.fixture
def step(meeting: str) -> FollowUp:
    return FollowUp.objects.get(interaction__pk=meeting)


def of(record: Any) -> str:
    return reverse(f"{record.kind}_settle", args=[record.pk])


def behind(cast: Cast) -> set[int]:
    rows = Standing.objects.filter(dossier=cast.dossier)
    return {row.clearance for row in rows if row.is_behind}


def test_a_promise_is_kept_as_a_meeting_showed(cast: Cast, claim: Claim, meeting: str) -> None:
    sent.recompute()
    page = reverse("promises")
    assert of(claim) in cast.amina.page.get(page).content.decode()
    without = corrected(cast.amina.page, of(claim), state="kept")
    assert without.status_code == 422
    assert "Say which meeting showed it." in says(without)
    answer = corrected(cast.amina.page, of(claim), state="kept", by=meeting)
    assert answer.headers["Location"] == f"{page}?armed_group={cast.group.pk}"
    claim.refresh_from_db()
    assert (claim.settlement, str(claim.settled_by_id), claim.version) == ("kept", meeting, 2)
    assert behind(cast) == {2, 3, 4}
    assert "kept" in words(cast.amina.page.get(answer.headers["Location"]))


def test_sent_twice_it_is_settled_once_and_it_can_be_opened_again(
    cast: Cast, claim: Claim, meeting: str
) -> None:
    form = held(cast.amina.page.get(of(claim))) | {"state": "broken", "by": meeting}
    for _ in range(2):
        assert cast.amina.page.post(of(claim), form).status_code == 302
    claim.refresh_from_db()
    assert (claim.settlement, claim.version) == ("broken", 2)
    corrected(cast.amina.page, of(claim), state="open")
    claim.refresh_from_db()
    assert (claim.settlement, claim.settled_by) == ("open", None)


def test_two_who_settle_it_differently_are_asked(cast: Cast, claim: Claim, meeting: str) -> None:
    mine = held(cast.amina.page.get(of(claim)))
    corrected(cast.rosa.page, of(claim), state="kept", by=meeting)
    asked = cast.amina.page.post(of(claim), mine | {"state": "broken", "by": meeting})
    assert asked.status_code == 409
    assert claim.text in says(cast.amina.page.get(of(claim)))
    chosen = held(asked) | {"choice-state": "theirs"}
    assert cast.amina.page.post(of(claim), chosen).status_code == 302
    claim.refresh_from_db()
    assert (claim.settlement, claim.version) == ("kept", 2)


def test_a_meeting_above_ones_clearance_or_elsewhere_is_no_choice(cast: Cast, claim: Claim) -> None:
    hidden = sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast))["id"]
    Interaction.objects.filter(pk=hidden).update(level=4)
    assert hidden not in cast.amina.page.get(of(claim)).content.decode()
    answer = corrected(cast.amina.page, of(claim), state="kept", by=hidden)
    assert answer.status_code == 422
    absent = corrected(cast.amina.page, of(claim), state="kept", by=str(uuid4()))
    assert says(answer) == says(absent)


def test_a_step_is_closed_with_its_note(cast: Cast, step: FollowUp) -> None:
    sent.recompute()
    without = corrected(cast.amina.page, of(step), state="done")
    assert without.status_code == 422
    assert "a follow-up is closed with a note" in says(without)
    future = (timezone.localdate() + timedelta(days=2)).isoformat()
    early = corrected(cast.amina.page, of(step), state="done", done_note="Sent", done_on=future)
    assert "This day has not come yet." in says(early)
    assert "Sent" in early.content.decode()
    form = held(cast.amina.page.get(of(step))) | {"state": "done", "done_note": "Sent by hand"}
    for _ in range(2):
        assert cast.amina.page.post(of(step), form).status_code == 302
    step.refresh_from_db()
    assert (step.progress, step.done_note, step.done_on, step.version) == (
        "done",
        "Sent by hand",
        timezone.localdate(),
        2,
    )
    assert behind(cast) == {2, 3, 4}


def test_a_step_is_dropped_and_opened_again(cast: Cast, step: FollowUp) -> None:
    corrected(cast.amina.page, of(step), state="dropped", done_note="No longer wanted")
    step.refresh_from_db()
    assert (step.progress, step.done_on) == ("dropped", None)
    corrected(cast.amina.page, of(step), state="open")
    step.refresh_from_db()
    assert (step.progress, step.done_note) == ("open", "")


def test_who_may_not_settle_finds_no_such_page(cast: Cast, claim: Claim, step: FollowUp) -> None:
    for record in (claim, step):
        for someone in (cast.ann, cast.oskar, cast.ada, cast.aude):
            assert someone.page.get(of(record)).status_code == 404
            assert someone.page.post(of(record), {"state": "kept"}).status_code == 404
    assert of(step) not in cast.ann.page.get(reverse("promises")).content.decode()


# --- Engagements and dossiers ---------------------------------------------------------------------


def test_the_start_of_an_engagement_moves_its_scores(cast: Cast) -> None:
    sent.recompute()
    address = reverse("engagement_correct", args=[cast.engagement.pk])
    group = reverse("group", args=[cast.group.pk])
    assert address in cast.amina.page.get(group).content.decode()
    assert address not in cast.ann.page.get(group).content.decode()
    status = next(
        value
        for value, _ in cast.amina.page.get(address).context["form"].fields["status"].choices
        if value != "active"
    )
    corrected(cast.amina.page, address, status=status)
    assert behind(cast) == set()
    answer = corrected(cast.amina.page, address, started_on="2019-Q3", lead=str(cast.rosa.user.pk))
    assert answer.headers["Location"] == group
    cast.engagement.refresh_from_db()
    assert (cast.engagement.status, cast.engagement.lead) == (status, cast.rosa.user)
    assert cast.engagement.started_on.precision == "season"
    assert behind(cast) == {1, 2, 3, 4}
    for someone in (cast.ann, cast.oskar):
        assert someone.page.get(address).status_code == 404


def test_a_dossier_is_closed_and_opened_again(cast: Cast) -> None:
    sent.recompute()
    address = reverse("dossier_correct", args=[cast.dossier.pk])
    page = reverse("dossier", args=[cast.dossier.pk])
    assert address in cast.amina.page.get(page).content.decode()
    early = corrected(cast.amina.page, address, closed_on="2023-12-31")
    assert early.status_code == 422
    assert "It was opened after this day." in says(early)
    assert corrected(cast.amina.page, address, closed_on="2025-01-31").status_code == 302
    assert "closed on 2025-01-31" in words(cast.amina.page.get(page))
    assert behind(cast) == {1, 2, 3, 4}
    corrected(cast.amina.page, address, closed_on="")
    cast.dossier.refresh_from_db()
    assert cast.dossier.closed_on is None
    for someone in (cast.ann, cast.oskar):
        assert someone.page.get(address).status_code == 404
