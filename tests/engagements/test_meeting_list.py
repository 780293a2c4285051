"""The list of meetings: its filter in the address, its pages, and what an analyst is shown."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.engagements import sent
from tests.engagements.reading_pages import links, words

LIST = "/meetings/"


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr("engagements.selectors.keyset.PAGE", 5)


def held(cast, **more):
    return sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast, **more))["id"]


def shown(client, query=""):
    """The ids of the meetings that the list shows, in its order."""
    source = client.get(LIST + query).content.decode()
    return re.findall(r'<th role="rowheader" scope="row"><a href="/meetings/([^/]+)/"', source)


def test_the_newest_stands_first_and_an_outsider_sees_none(cast):
    old, new = held(cast, held_on="2025-03-01"), held(cast, held_on="2025-09-01")
    assert shown(cast.amina.page) == [new, old]
    assert shown(cast.oskar.page) == []
    assert "Meetings will stand here" in words(cast.oskar.page.get(LIST))


def test_filters_stand_in_the_address_and_are_taken_away_one_by_one(cast):
    norm = held(cast, topics=["N11"])
    held(cast, type="msg")
    client = cast.amina.page
    assert shown(client, "?type=norm") == [norm]
    assert shown(client, "?type=norm,msg&topic=N11") == [norm]
    assert shown(client, "?type=norm&type=msg&topic=N11") == [norm]
    page = client.get(LIST + "?type=norm&topic=N11")
    assert "Type: Talk about the rules" in words(page)
    assert "/meetings/?topic=N11" in links(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("highest_level=L2", True),
        ("highest_level=L1", False),
        ("outcome=2", True),
        ("outcome=-2", False),
        ("channel=voice", True),
        ("held=false", False),
        ("state=withdrawn", False),
        ("begin=2025-06-01&end=2025-06-30", True),
        ("begin=2025-07", False),
        ("end=2025", True),
        ("held_on=2025-06-12", True),
    ],
)
def test_each_filter_finds_and_leaves_out(cast, query, found):
    made = held(cast, held_on="2025-06-12")
    assert shown(cast.amina.page, f"?{query}") == ([made] if found else [])


def test_group_ngo_context_and_dossier_narrow_the_list(cast):
    made = held(cast)
    client = cast.amina.page
    for name, pk in (
        ("armed_group", cast.group.pk),
        ("ngo", cast.ngo.pk),
        ("context", cast.valdoria.pk),
        ("dossier", cast.dossier.pk),
    ):
        assert shown(client, f"?{name}={pk}") == [made]
        assert shown(client, f"?{name}={cast.amina.user.pk}") == []


def test_a_hidden_dossier_feeds_a_list_like_an_absent_one(cast):
    held(cast)
    hidden = cast.oskar.page.get(f"{LIST}?dossier={cast.dossier.pk}")
    absent = cast.oskar.page.get(f"{LIST}?dossier={cast.amina.user.pk}")
    assert words(hidden) == words(absent)


@pytest.mark.parametrize("query", ["type=foo", "colour=red", "held_on=soon", "armed_group=x"])
def test_what_cannot_be_read_is_said_in_words_and_widens_nothing(cast, query):
    made = held(cast)
    page = cast.amina.page.get(f"{LIST}?{query}")
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert made not in page.content.decode()


def test_pages_hold_together_when_many_meetings_fall_on_one_day(cast, short_pages):
    made = {held(cast, held_on="2025-06-12", trust=n % 5) for n in range(9)}
    client, seen, address = cast.amina.page, [], LIST
    while address:
        page = client.get(address)
        assert "9 meetings" in words(page)
        seen += shown(client, address.removeprefix(LIST))
        address = page.context["older_url"]
    assert len(seen) == 9
    assert set(seen) == made
    assert page.context["newer_url"]
    assert shown(client, page.context["newer_url"].removeprefix(LIST)) == seen[:5]


def test_a_meeting_logged_while_turning_pages_moves_nothing_on_the_next(cast, short_pages):
    for _ in range(6):
        held(cast, held_on="2025-06-12")
    client = cast.amina.page
    first = client.get(LIST)
    seen = shown(client)
    held(cast, held_on="2025-06-30")
    rest = shown(client, first.context["older_url"].removeprefix(LIST))
    assert len(rest) == 1
    assert not set(rest) & set(seen)


def test_an_analyst_sees_filters_and_sorts_by_month_from_level_three_on(cast):
    first = held(cast, held_on="2025-06-25", level=3)
    second = held(cast, held_on="2025-06-03", level=3)
    open_one = held(cast, held_on="2025-05-07", level=1)
    page = cast.ann.page.get(LIST)
    assert "2025-06-25" not in page.content.decode()
    assert "2025-05-07" in words(page)
    client = cast.ann.page
    assert set(shown(client, "?held_on=2025-06")) == {first, second}
    # Finer than the month: no day of June can be singled out.
    found = [set(shown(client, f"?held_on=2025-06-{day:02}")) for day in range(2, 30)]
    assert all(not one & {first, second} for one in found)
    assert shown(client, "?held_on=..2025-06-10")[:-1] == shown(client, "?held_on=2025-06-01")
    assert shown(client, "?held_on=2025-05-07") == [open_one]
    assert shown(client)[:2] == sorted([first, second], reverse=True)  # by id, not by day


def test_a_withdrawn_meeting_keeps_its_place_and_its_mark(cast):
    made = held(cast)
    answer = cast.amina.api().post(f"interactions/{made}/withdraw/", {"reason": "Doubled"})
    assert answer.status_code == 200
    page = cast.amina.page.get(LIST)
    assert reverse("meeting", args=[made]) in links(page)
    assert "withdrawn" in words(page)
