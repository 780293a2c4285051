"""Correct, withdraw, restore and read a meeting through its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from actors.models import Counterpart
from engagements.models import Draft, Interaction
from engagements.tasks import sweep_jobs
from scorecards.models import Standing
from tests.engagements.log_pages import logged, sentences

pytestmark = pytest.mark.django_db(transaction=True)


def correcting(client, pk):
    """The address of a correction's form."""
    answer = client.post(f"/meetings/{pk}/correct/")
    assert answer.status_code == 302
    return answer.headers["Location"]


def shown(client, url):
    """What the form would send as it stands."""
    return dict(client.get(url).context["form"].answers) | {"base": "1"}


def meeting(pk):
    return Interaction.objects.get(pk=pk)


def test_the_form_of_a_correction_holds_all_that_was_stored_and_sending_it_changes_nothing(cast):
    client = cast.amina.page
    who = Counterpart.objects.create(
        armed_group=cast.group, context=cast.valdoria, code="V-07", rank="L2"
    )
    said = {
        "topics": ["N11", "N14"],
        "levels": ["L3"],
        "trust": "3",
        "summary": "They heard us out.",
        "next_step_what": "Send the text",
        "next_step_side": "theirs",
        "place_country": "XV",
        "place_admin1": "North",
        "participants-0-counterpart": str(who.pk),
        "participants-0-same_as_last": "no",
        "practical_items-0-item": "A list",
        "practical_items-0-state": "agreed",
        "practical_items-0-side": "ours",
        "evidence-0-criterion": "D1",
        "evidence-0-rating": "0",
        "evidence-0-seen": "No text anywhere",
        "motives-first": "image",
        "motives-named": ["conviction", "interest"],
        "setting-politicised": "0",
        "manner-answered": "on",
        "iceberg-position": "Recognition",
        "reading-GR2": "2",
        "reading-GR2-note": "As the elder said",
        "reading-QI1": "",  # proposed by the trust, removed by hand
        "reading-QI1-proposed": "3",
    }
    pk = logged(client, cast.engagement, **said)
    before = meeting(pk)
    content = client.get(correcting(client, pk)).context["form"]
    sent = dict(content.answers) | {"base": "1"}
    answer = client.post(f"/log/{Draft.objects.get().pk}/", sent)
    assert answer.status_code == 302
    after = meeting(pk)
    assert after.version == 2
    for name in ("held_on", "type", "levels", "trust", "summary", "details", "details_words"):
        assert getattr(after, name) == getattr(before, name), name
    assert [(r.factor, r.rating, r.note) for r in after.readings.all()] == [
        ("NG4", 0, ""),
        ("NG5", 0, ""),
        ("GR2", 2, "As the elder said"),
        ("GR9", 2, ""),
        ("QI3", 4, ""),
    ]
    assert after.participants.get().same_as_last is False
    assert after.evidence.get().rating == 0
    assert after.follow_ups.get().side == "theirs"
    page = client.get(f"/meetings/{pk}/").content.decode()
    assert "The content is the same" in page


def test_a_correction_keeps_the_earlier_words_field_by_field_with_its_reason(cast):
    client = cast.amina.page
    pk = logged(client, cast.engagement, summary="Ten rifles", outcome="2")
    url = correcting(client, pk)
    answer = client.post(
        url, shown(client, url) | {"summary": "Two rifles", "outcome": "1", "reason": "Misheard"}
    )
    assert answer.headers["Location"] == f"/meetings/{pk}/saved/"
    page = client.get(f"/meetings/{pk}/").content.decode()
    assert "Misheard" in page
    assert "<del><bdi>Ten rifles</bdi></del> → <ins><bdi>Two rifles</bdi></ins>" in page
    assert "<del><bdi>Rule acknowledged</bdi></del>" in page
    assert not Draft.objects.exists()


def test_two_corrections_of_different_fields_are_joined_by_themselves(cast):
    pk = logged(cast.amina.page, cast.engagement, summary="A note", outcome="2", channel="voice")
    amina, rosa = cast.amina.page, cast.rosa.page
    hers, mine = correcting(rosa, pk), correcting(amina, pk)
    rosa.post(hers, shown(rosa, hers) | {"outcome": "3"})
    answer = amina.post(mine, shown(amina, mine) | {"summary": "A better note"}, follow=True)
    assert "Both changes are kept: theirs were how it ended." in answer.content.decode()
    after = meeting(pk)
    assert (after.outcome, after.summary, after.version) == (3, "A better note", 3)


def test_two_corrections_of_one_field_are_shown_side_by_side_and_one_chooses(cast):
    pk = logged(cast.amina.page, cast.engagement, summary="A note", outcome="2", topics=["N11"])
    amina, rosa = cast.amina.page, cast.rosa.page
    hers, mine = correcting(rosa, pk), correcting(amina, pk)
    rosa.post(hers, shown(rosa, hers) | {"outcome": "3", "channel": "voice", "topics": ["N14"]})
    changed = {"outcome": "1", "summary": "Better", "topics": ["N11", "N03"]}
    answer = amina.post(mine, shown(amina, mine) | changed)
    assert answer.headers["Location"] == f"{mine}conflict/"
    page = amina.get(answer.headers["Location"])
    assert page.status_code == 409
    text = page.content.decode()
    assert "Practical item agreed" in text
    assert "Internal step promised" in text
    assert "How you met: <bdi>Voice call</bdi>" in text
    assert meeting(pk).version == 2  # nothing written over
    asked = amina.post(f"{mine}conflict/", {"seen": "2", "choice-outcome": "theirs"})
    assert asked.status_code == 409
    assert "Choose one for each field." in asked.content.decode()
    chosen = {"seen": "2", "choice-outcome": "theirs", "choice-topics": "both"}
    saved = amina.post(f"{mine}conflict/", chosen)
    assert saved.headers["Location"] == f"/meetings/{pk}/saved/"
    after = meeting(pk)
    assert (after.outcome, after.channel, after.summary, after.version) == (
        3,
        "voice",
        "Better",
        3,
    )
    assert {row.norm for row in after.topic_rows.all()} == {"N11", "N03", "N14"}
    assert not Draft.objects.filter(owner=cast.amina.user).exists()


def test_a_third_change_while_one_chooses_is_shown_before_anything_is_saved(cast):
    pk = logged(cast.amina.page, cast.engagement, outcome="2")
    amina, rosa = cast.amina.page, cast.rosa.page
    hers, mine = correcting(rosa, pk), correcting(amina, pk)
    rosa.post(hers, shown(rosa, hers) | {"outcome": "3"})
    amina.post(mine, shown(amina, mine) | {"outcome": "1"})
    again = correcting(rosa, pk)
    rosa.post(again, shown(rosa, again) | {"outcome": "4", "base": "2"})
    page = amina.post(f"{mine}conflict/", {"seen": "2", "choice-outcome": "mine"})
    assert page.status_code == 409
    assert "Internal step shown" in page.content.decode()
    assert meeting(pk).outcome == 4


def test_the_words_of_a_note_stay_their_authors(cast):
    pk = logged(cast.amina.page, cast.engagement, summary="Amina's words")
    rosa = cast.rosa.page
    url = correcting(rosa, pk)
    page = rosa.post(url, shown(rosa, url) | {"summary": "Words of Rosa"})
    assert page.status_code == 422
    assert "Only the author changes the text of a note." in sentences(page)
    assert "Words of Rosa" in page.content.decode()
    assert meeting(pk).summary == "Amina's words"


def test_a_day_later_the_author_says_why(cast):
    client = cast.amina.page
    pk = logged(client, cast.engagement, summary="First")
    Interaction.objects.filter(pk=pk).update(created_at=timezone.now() - timedelta(days=2))
    url = correcting(client, pk)
    page = client.post(url, shown(client, url) | {"summary": "Second"})
    assert [anchor for anchor, _, _ in page.context["form"].problems()] == ["id_reason"]
    assert client.post(url, shown(client, url) | {"summary": "Second", "reason": "Typo"})
    assert meeting(pk).summary == "Second"


def test_anybody_who_may_change_may_raise_the_level_but_not_lower_it(cast):
    client = cast.amina.page
    pk = logged(client, cast.engagement, level="2")
    url = correcting(client, pk)
    client.post(url, shown(client, url) | {"level": "3"})
    assert meeting(pk).level == 3
    url = correcting(client, pk)
    page = client.post(url, shown(client, url) | {"level": "1", "base": "2"})
    assert sentences(page) == "Only a head of delegation lowers a level."
    assert meeting(pk).level == 3


def test_withdrawing_needs_a_reason_and_can_be_undone(cast):
    client = cast.amina.page
    pk = logged(client, cast.engagement, trust="4")
    sweep_jobs()
    assert client.get(f"/meetings/{pk}/withdraw/").status_code == 200
    assert client.post(f"/meetings/{pk}/withdraw/", {"reason": " "}).status_code == 422
    assert meeting(pk).state == "current"
    client.post(f"/meetings/{pk}/withdraw/", {"reason": "Logged with the wrong group"})
    assert meeting(pk).state == "withdrawn"
    behind = Standing.objects.filter(dossier=cast.dossier, clearance=3).get()
    assert behind.is_behind
    page = client.get(f"/meetings/{pk}/").content.decode()
    assert "Logged with the wrong group" in page
    client.post(f"/meetings/{pk}/restore/", {"reason": "It was the right one"})
    assert meeting(pk).state == "current"


def test_an_outsider_finds_no_meeting_and_changes_none(cast):
    pk = logged(cast.amina.page, cast.engagement)
    absent = "00000000-0000-4000-8000-000000000000"
    for person in (cast.oskar, cast.ada, cast.aude):
        client = person.page
        for path in ("", "saved/", "effects/", "withdraw/", "restore/"):
            there = client.get(f"/meetings/{pk}/{path}")
            assert there.status_code == 404
            assert client.get(f"/meetings/{absent}/{path}").status_code == 404
        for path in ("correct/", "withdraw/", "restore/"):
            assert client.post(f"/meetings/{pk}/{path}", {"reason": "x"}).status_code == 404
    assert meeting(pk).version == 1


def test_an_analyst_reads_the_structured_part_coarsely_and_changes_nothing(cast):
    Counterpart.objects.create(
        armed_group=cast.group, context=cast.valdoria, code="V-07", rank="L2"
    )
    pk = logged(
        cast.amina.page,
        cast.engagement,
        held_on="2026-05-17",
        summary="A canary in the note",
        place_country="XV",
        place_admin1="North",
        place_detail="The old mill",
        next_step_what="A canary step",
        trust="3",
        **{
            "objections-heard": ["no_means"],
            "objections-words": "A canary objection",
            "claims-0-kind": "promise",
            "claims-0-side": "theirs",
            "claims-0-text": "A canary promise",
            "practical_items-0-item": "A canary item",
            "practical_items-0-state": "agreed",
            "practical_items-0-side": "ours",
            "reading-QI1": "2",
            "reading-QI1-note": "A canary reason",
        },
    )
    ann = cast.ann.page
    text = ann.get(f"/meetings/{pk}/").content.decode()
    assert "canary" not in text
    assert "old mill" not in text
    assert "2026-05-17" not in text
    assert "2026-05" in text
    assert "North, XV" in text
    assert "No means" in text
    assert "Personal trust" in text
    for path in ("saved/", "effects/"):  # for those who log: they name the day
        assert ann.get(f"/meetings/{pk}/{path}").status_code == 404
    for path in ("correct/", "withdraw/"):
        assert ann.post(f"/meetings/{pk}/{path}", {"reason": "x"}).status_code == 404


def test_the_page_says_who_reads_it_to_its_author_and_why_one_sees_it_to_all(cast):
    pk = logged(cast.amina.page, cast.engagement)
    hers = cast.amina.page.get(f"/meetings/{pk}/").content.decode()
    assert "3 people will be able to read this" in hers
    other = cast.rosa.page.get(f"/meetings/{pk}/").content.decode()
    assert "people will be able" not in other
    assert "You see this because you work as head of delegation" in other
    assert "<title>Parley - meeting</title>" in hers
