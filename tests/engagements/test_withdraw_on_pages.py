"""A record is withdrawn, restored and deleted from its own page, each with a reason."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from engagements.models import Claim, Commitment, Incident, Interaction
from scorecards.models import Standing
from tests.cast import Cast, person
from tests.engagements import sent
from tests.engagements.correct_pages import says
from tests.engagements.reading_pages import words

WHY = "It belongs to the brigade next door"


def _made(cast: Cast, path: str, body: Any) -> str:
    return str(sent.saved(cast.amina.api(), path, body)["id"])


@pytest.fixture(params=["incident", "commitment", "meeting"])
def record(request: Any, cast: Cast) -> Any:
    made: dict[str, Any] = {
        "incident": (Incident, "incidents/", sent.incident(cast, level=2)),
        "commitment": (Commitment, "commitments/", sent.commitment(cast, level=2)),
        "meeting": (Interaction, "interactions/", sent.meeting(cast, level=2)),
    }
    model, path, body = made[request.param]
    return model.objects.get(pk=_made(cast, path, body))


def address(record: Any, act: str = "") -> str:
    kind = "meeting" if record.kind == "interaction" else record.kind
    return reverse(f"{kind}{act and '_'}{act}", args=[record.pk])


def turn(client: Any, record: Any, act: str, reason: str = WHY) -> Any:
    answer = client.post(address(record, act), {"reason": reason})
    record.refresh_from_db()
    return answer


def test_it_leaves_the_sums_with_a_reason_and_comes_back_with_one(cast: Cast, record: Any) -> None:
    sent.recompute()
    rosa = cast.rosa.page
    assert address(record, "withdraw") in rosa.get(address(record)).content.decode()
    assert rosa.get(address(record, "withdraw")).status_code == 200
    assert turn(rosa, record, "withdraw").status_code == 302
    assert record.state == "withdrawn"
    page = words(rosa.get(address(record)))
    assert "Withdrawn." in page
    assert WHY in page
    assert WHY not in words(cast.ann.page.get(address(record)))
    standings = Standing.objects.filter(dossier=cast.dossier)
    assert {row.clearance for row in standings if row.is_behind} == {2, 3, 4}
    sent.recompute()
    assert turn(rosa, record, "restore", "It was theirs").status_code == 302
    assert record.state == "current"
    assert Standing.objects.get(dossier=cast.dossier, clearance=2).is_behind


def test_without_a_reason_nothing_happens(cast: Cast, record: Any) -> None:
    answer = turn(cast.rosa.page, record, "withdraw", "  ")
    assert answer.status_code == 422
    assert "Say why, in a few words." in says(answer)
    assert record.state == "current"


def test_sending_it_twice_makes_one_version(cast: Cast, record: Any) -> None:
    for _ in range(2):
        assert turn(cast.rosa.page, record, "withdraw").status_code == 302
    assert record.version == 2


def test_another_head_confirms_a_deletion(cast: Cast, record: Any) -> None:
    second = person("Second", "head", 4, cast.valdoria)
    turn(cast.rosa.page, record, "withdraw")
    own = cast.rosa.page.get(address(record)).content.decode()
    assert address(record, "delete") not in own
    refused = turn(cast.rosa.page, record, "delete")
    assert refused.status_code == 422
    assert "Another head of delegation has to confirm it." in says(refused)
    assert record.state == "withdrawn"
    theirs = second.page.get(address(record)).content.decode()
    assert address(record, "delete") in theirs
    assert turn(second.page, record, "delete").status_code == 302
    assert record.state == "deleted"
    assert second.page.get(address(record)).status_code == 404


def test_a_delegate_withdraws_what_a_delegate_may(cast: Cast, record: Any) -> None:
    amina = cast.amina.page
    may = record.kind != "commitment"
    assert (address(record, "withdraw") in amina.get(address(record)).content.decode()) is may
    assert turn(amina, record, "withdraw").status_code == (302 if may else 404)
    assert record.state == ("withdrawn" if may else "current")


def test_who_may_not_finds_no_such_page(cast: Cast, record: Any) -> None:
    kind = "meeting" if record.kind == "interaction" else record.kind
    for act in ("withdraw", "restore", "delete"):
        absent = reverse(f"{kind}_{act}", args=[uuid4()])
        for someone in (cast.ann, cast.oskar, cast.ada, cast.aude):
            for path in (address(record, act), absent):
                assert someone.page.get(path).status_code == 404
                assert someone.page.post(path, {"reason": WHY}).status_code == 404
    record.refresh_from_db()
    assert record.version == 1


def test_what_was_said_in_a_deleted_meeting_goes_with_it(cast: Cast) -> None:
    held = _made(cast, "interactions/", sent.meeting(cast))
    _made(cast, "claims/", sent.claim(held))
    meeting = Interaction.objects.get(pk=held)
    turn(cast.amina.page, meeting, "withdraw")
    assert turn(cast.rosa.page, meeting, "delete").status_code == 302
    assert Claim.objects.get().state == "deleted"
