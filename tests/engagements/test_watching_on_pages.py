"""The effort of watching on pages: listed by quarter, corrected against a version, withdrawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from engagements.models import Observation
from tests.cast import Cast
from tests.engagements import sent
from tests.engagements.reading_pages import links, words


@pytest.fixture
def watched(cast: Cast) -> str:
    body = sent.observation(cast, source="Two monitors on the ridge")
    return str(sent.saved(cast.amina.api(), "observations/", body)["id"])


def correction(**more: Any) -> dict[str, Any]:
    return {
        "quarter": "2026-07",
        "location_months": "6",
        "source": "Two monitors on the ridge",
        "level": "3",
        "version": "1",
        **more,
    }


def test_quarters_are_listed_for_one_group_in_one_context(cast: Cast, watched: str) -> None:
    query = f"?armed_group={cast.group.pk}&context={cast.valdoria.pk}"
    page = cast.amina.page.get(f"/observations/{query}")
    assert "2026 Q3 4.5" in words(page)
    assert reverse("observation", args=[watched]) in links(page)
    adding = f"/observations/new/{query}"
    assert adding in links(page)
    form = words(cast.amina.page.get(adding))
    assert "More watching finds more" in form
    assert "2026 Q3" not in words(cast.amina.page.get(f"/observations/?armed_group={uuid4()}"))
    assert "2026 Q3 4.5" not in words(cast.oskar.page.get("/observations/"))


def test_incidents_and_their_watching_lead_to_each_other(cast: Cast) -> None:
    query = f"?armed_group={cast.group.pk}"
    assert f"/observations/{query}" in links(cast.amina.page.get(f"/incidents/{query}"))
    assert "/incidents/" in links(cast.amina.page.get("/observations/"))


def test_a_correction_keeps_what_was_said_before(cast: Cast, watched: str) -> None:
    client, address = cast.amina.page, reverse("observation_change", args=[watched])
    assert 'value="4.5"' in client.get(address).content.decode()
    sent_back = client.post(address, correction(reason="Counted again"))
    assert sent_back["Location"] == reverse("observation", args=[watched])
    assert Observation.objects.get(pk=watched).location_months == 6
    late = client.post(address, correction(location_months="8"))
    assert late.status_code == 409
    assert "Somebody changed this entry" in late.content.decode()
    assert 'value="8"' in late.content.decode()
    assert Observation.objects.get(pk=watched).location_months == 6


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("location_months", "-1", "Write 0 or more."),
        ("location_months", "many", "Write a number, such as 6 or 4.5."),
        ("location_months", "1.234", "Two digits after the point are enough."),
        ("location_months", "123456789", "Write a number up to"),
        ("location_months", "NaN", "Write a number, such as 6 or 4.5."),
        ("quarter", "2026-08", "Choose one from the list."),
        ("level", "9", "Choose one from the list."),
        ("source", "x" * 4001, "at most 4000 characters"),
    ],
)
def test_bad_input_gets_a_sentence_and_saves_nothing(
    cast: Cast, watched: str, field: str, value: str, sentence: str
) -> None:
    address = reverse("observation_change", args=[watched])
    answer = cast.amina.page.post(address, correction(**{field: value}))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Observation.objects.get(pk=watched).location_months == Decimal("4.5")


def test_a_withdrawn_quarter_needs_a_reason_and_stays_visible(cast: Cast, watched: str) -> None:
    client, address = cast.amina.page, reverse("observation_withdraw", args=[watched])
    assert "counts nowhere" not in words(client.get(reverse("observation", args=[watched])))
    assert client.post(address, {"reason": " "}).status_code == 422
    client.post(address, {"reason": "Another valley"})
    seen = words(client.get(reverse("observation", args=[watched])))
    assert "counts nowhere" in seen
    assert "Another valley" in seen
    assert "withdrawn" in words(client.get("/observations/"))
    client.post(reverse("observation_restore", args=[watched]), {"reason": "It was this one"})
    assert Observation.objects.get(pk=watched).state == "current"


def test_an_analyst_reads_the_numbers_and_not_who_watched(cast: Cast, watched: str) -> None:
    page = cast.ann.page.get(reverse("observation", args=[watched]))
    assert "4.5" in words(page)
    assert "ridge" not in words(page)
    assert cast.ann.page.get(reverse("observation_change", args=[watched])).status_code == 404
    assert cast.ann.page.get(reverse("new_observation")).status_code == 403
    assert reverse("observation_change", args=[watched]) not in links(page)


def test_hidden_and_absent_look_alike(cast: Cast, watched: str) -> None:
    secret = sent.saved(
        cast.amina.api(), "observations/", sent.observation(cast, quarter="2026-04", level=3)
    )["id"]
    for name in (
        "observation",
        "observation_change",
        "observation_withdraw",
        "observation_restore",
    ):
        hidden = cast.oskar.page.get(reverse(name, args=[secret]))
        absent = cast.oskar.page.get(reverse(name, args=[uuid4()]))
        assert (hidden.status_code, absent.status_code) == (404, 404)
