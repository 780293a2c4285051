"""A delegate logs a meeting through the page: six answers, one Save."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors.models import Counterpart
from engagements.models import Claim, Draft, FollowUp, Interaction
from engagements.services.dossiers import open_engagement
from engagements.tasks import sweep_jobs
from tests.cast import a_group
from tests.engagements.log_pages import answers, logged, opened, sentences, wrong

pytestmark = pytest.mark.django_db(transaction=True)


def the_meeting():
    return Interaction.objects.get()


def counterpart(cast, code="V-07", level=3):
    return Counterpart.objects.create(
        armed_group=cast.group, context=cast.valdoria, code=code, rank="L2", level=level
    )


def test_six_answers_make_a_meeting_and_the_draft_goes(cast):
    client = cast.amina.page
    saved = client.post(opened(client, cast.engagement), answers())
    meeting = the_meeting()
    assert saved.headers["Location"] == f"/meetings/{meeting.pk}/saved/"
    assert (meeting.type, meeting.channel, meeting.highest_level) == ("norm", "their_area", "L2")
    assert (meeting.outcome, meeting.grade, meeting.level) == (2, "B2", 3)
    assert meeting.details == {}
    assert not Draft.objects.exists()
    assert client.get(f"/meetings/{meeting.pk}/").status_code == 200


def test_the_page_after_saving_shows_the_new_score_beside_the_old_one(cast):
    client = cast.amina.page
    sweep_jobs()
    pk = logged(client, cast.engagement, trust="4")
    waiting = client.get(f"/meetings/{pk}/saved/").content.decode()
    assert "Feeds 1 dossier, recomputing" in waiting
    assert f'hx-get="/meetings/{pk}/effects/"' in waiting
    sweep_jobs()
    done = client.get(f"/meetings/{pk}/effects/").content.decode()
    assert "before:" in done
    assert "hx-get" not in done  # it asks no more


def test_the_date_is_today_and_the_channel_as_last_time(cast):
    client = cast.amina.page
    logged(client, cast.engagement, channel="voice", place_country="XV", place_admin1="North")
    form = client.get(opened(client, cast.engagement)).context["form"]
    assert form["held_on"].value() == timezone.localdate().isoformat()
    assert form["channel"].value() == "voice"
    assert form["place_admin1"].value() == "North"
    assert form["highest_level"].value() is None  # never an answer nobody gave
    assert form["outcome"].value() is None


def test_a_meeting_that_did_not_take_place_needs_the_date_and_why(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    page = client.post(url, {"held_on": timezone.localdate().isoformat(), "not_held": "on"})
    assert page.status_code == 422
    assert sentences(page) == "Say in one line why it did not take place."
    saved = client.post(url, answers(not_held="on", type="", summary="The road was closed."))
    assert saved.status_code == 302, wrong(saved)
    meeting = the_meeting()
    assert (meeting.type, meeting.held, meeting.outcome, meeting.channel) == (
        "cancel",
        False,
        None,
        "",
    )
    assert meeting.summary == "The road was closed."


def test_every_missing_answer_is_said_at_once_with_a_link_to_its_field(cast):
    client = cast.amina.page
    page = client.post(opened(client, cast.engagement), {"held_on": "", "level": "3"})
    assert page.status_code == 422
    assert [anchor for anchor, _, _ in wrong(page)] == [
        "id_held_on",
        "id_type",
        "id_channel",
        "id_highest_level",
        "id_outcome",
    ]
    text = page.content.decode()
    assert 'href="#id_outcome"' in text
    assert 'id="id_outcome"' in text
    assert not Interaction.objects.exists()


def test_what_was_typed_stays_after_an_error_rows_and_folded_blocks_too(cast):
    client = cast.amina.page
    who = counterpart(cast)
    url = opened(client, cast.engagement)
    typed = answers(
        outcome="",
        summary="They asked for a text.",
        **{
            "participants-0-counterpart": str(who.pk),
            "practical_items-3-item": "A list of detainees",
            "security-words": "Delay at the bridge",
        },
    )
    page = client.post(url, typed)
    text = page.content.decode()
    for words in ("They asked for a text.", "A list of detainees", "Delay at the bridge"):
        assert words in text
    assert 'id="block-practical_items" data-types' in text
    blocks = {block.code: block.open for block in page.context["form"].blocks()}
    assert blocks["practical_items"]
    assert blocks["security"]
    again = client.get(url).content.decode()  # the draft has it too
    assert "They asked for a text." in again
    assert "Not saved yet" not in again


def test_an_error_in_a_row_stands_beside_its_field_and_opens_its_block(cast):
    client = cast.amina.page
    page = client.post(
        opened(client, cast.engagement), answers(**{"practical_items-0-item": "A list"})
    )
    assert page.status_code == 422
    assert "Say whether it was agreed, delivered or failed." in sentences(page)
    assert 'href="#id_practical_items-0-state"' in page.content.decode()


def test_all_of_the_two_minute_set_is_kept(cast):
    client = cast.amina.page
    due = timezone.localdate() + timedelta(days=9)
    logged(
        client,
        cast.engagement,
        levels=["L3", "LI"],
        topics=["N11", "N14"],
        trust="3",
        summary="The zone commander heard us out.",
        next_step_what="Send the draft order",
        next_step_who="Delegate",
        next_step_due_on=due.isoformat(),
        grade_source="C",
        grade_content="3",
    )
    meeting = the_meeting()
    assert meeting.levels == ["L3", "LI"]
    assert [row.norm for row in meeting.topic_rows.all()] == ["N11", "N14"]
    assert (meeting.trust, meeting.grade) == (3, "C3")
    step = FollowUp.objects.get()
    assert (step.what, step.who, step.due_on) == ("Send the draft order", "Delegate", due)


def test_a_partial_date_is_kept_as_it_is_known(cast):
    client = cast.amina.page
    logged(client, cast.engagement, held_on="2024-05-17", date_precision="month")
    assert str(the_meeting().held_on) == "2024-05"


def test_the_rows_and_blocks_of_the_extended_set_are_kept(cast):
    client = cast.amina.page
    who = counterpart(cast)
    logged(
        client,
        cast.engagement,
        **{
            "participants-0-counterpart": str(who.pk),
            "participants-0-mandate": "yes",
            "participants-0-same_as_last": "no",
            "practical_items-0-item": "A visit to the camp",
            "practical_items-0-state": "agreed",
            "practical_items-0-side": "theirs",
            "evidence-0-criterion": "D1",
            "evidence-0-rating": "2",
            "evidence-0-seen": "A draft order",
            "claims-0-kind": "promise",
            "claims-0-side": "theirs",
            "claims-0-text": "They will read the order to all units",
            "claims-0-due_on": "2027-01-10",
            "claims-0-basis": "told",
            "objections-heard": ["not_our_law", "no_means"],
            "objections-words": "Who signed this?",
            "motives-first": "image",
            "motives-named": ["conviction"],
            "setting-politicised": "1",
        },
    )
    meeting = the_meeting()
    person = meeting.participants.get()
    assert (person.counterpart, person.mandate, person.same_as_last) == (who, "yes", False)
    assert meeting.practical_items.get().item == "A visit to the camp"
    seen = meeting.evidence.get()
    assert (seen.criterion, seen.rating, seen.seen) == ("D1", 2, "A draft order")
    claim = Claim.objects.get()
    assert (claim.claim, claim.side, claim.basis) == ("promise", "theirs", "told")
    assert meeting.details == {
        "objections": {"heard": ["not_our_law", "no_means"]},
        "motives": {"named": ["image", "conviction"]},
        "setting": {"politicised": 1},
    }
    assert meeting.details_words == {"objections": {"words": "Who signed this?"}}


def test_readings_are_proposed_from_the_answers_and_saved_as_they_stand(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    said = answers(trust="3", **{"objections-heard": ["no_means"], "manner-answered": "on"})
    page = client.post(f"{url}readings/", said)
    shown = {line.factor: line.rating.value() for line in page.context["form"].readings()}
    assert {factor: rating for factor, rating in shown.items() if rating} == {
        "QI1": "3",
        "GR3": "3",
        "NG4": "0",  # gone through, nothing ticked
        "NG5": "0",
    }
    client.post(
        url,
        said
        | {
            "reading-QI1": "1",  # changed by hand
            "reading-QI1-proposed": "3",
            "reading-GR3": "",  # removed by hand
            "reading-GR3-proposed": "3",
            "reading-NG4": "0",
            "reading-NG4-proposed": "0",
            "reading-GR2": "2",  # added by hand
            "reading-GR2-note": "As the elder said",
        },
    )
    readings = {row.factor: row.rating for row in the_meeting().readings.all()}
    assert readings == {"QI1": 1, "NG4": 0, "NG5": 0, "GR2": 2}


def test_a_block_never_gone_through_proposes_nothing(cast):
    client = cast.amina.page
    logged(client, cast.engagement)  # the block "how we spoke" stands open for this type
    assert not the_meeting().readings.exists()
    assert the_meeting().details == {}


def test_a_meeting_with_the_top_asks_for_a_reading_in_words_and_proposes_none(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    page = client.post(f"{url}readings/", answers(highest_level="L1"))
    line = next(one for one in page.context["form"].readings() if one.factor == "GR4")
    assert line.asked
    assert not line.rating.value()
    assert "Committed in orders" in page.content.decode()


def test_blocks_open_by_the_type_of_the_meeting_and_of_the_ngo(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)

    def open_blocks(kind):
        page = client.post(url, answers(type=kind, then="stay"))
        return {block.code for block in page.context["form"].blocks() if block.open}

    assert open_blocks("msg") == set()
    assert {"violation_talk", "objections", "commitment"} <= open_blocks("repr")
    assert "security" in open_blocks("secgar")
    assert not Interaction.objects.exists()  # "show the blocks" saves nothing


def test_open_promises_stand_first_and_are_settled_by_the_meeting(cast):
    client = cast.amina.page
    today = timezone.localdate()
    promise = {"claims-{}-kind": "promise", "claims-{}-side": "theirs"}
    rows = {}
    for number, days in enumerate((40, -10, 5, 80)):
        rows |= {name.format(number): value for name, value in promise.items()}
        rows[f"claims-{number}-text"] = f"Promise {number}"
        rows[f"claims-{number}-due_on"] = (today + timedelta(days=days)).isoformat()
    logged(client, cast.engagement, **rows)
    url = opened(client, cast.engagement)
    form = client.get(url).context["form"]
    texts = [promise.claim.text for promise, _ in form.promises()]
    assert texts == ["Promise 1", "Promise 2", "Promise 0", "Promise 3"]
    kept, broken = (promise.claim for promise, _ in form.promises()[:2])
    saved = client.post(
        url, answers(**{f"settle-{kept.pk}": "kept", f"settle-{broken.pk}": "broken"})
    )
    second = saved.headers["Location"].split("/")[2]
    kept.refresh_from_db()
    broken.refresh_from_db()
    assert (kept.settlement, str(kept.settled_by_id)) == ("kept", second)
    assert broken.settlement == "broken"
    assert Claim.objects.filter(settlement="open").count() == 2


def test_saving_twice_gives_one_meeting_and_says_so(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    first, second = client.post(url, answers()), client.post(url, answers(), follow=True)
    assert first.status_code == 302
    assert Interaction.objects.count() == 1
    assert "there is one meeting, not two" in second.content.decode()


def test_what_changed_after_going_back_becomes_a_correction_not_a_second_meeting(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    client.post(url, answers(summary="First words"))
    meeting = the_meeting()
    page = client.post(url, answers(summary="Second words", record=str(meeting.pk)), follow=True)
    assert "stands below as a correction" in page.content.decode()
    assert "Second words" in page.content.decode()
    draft = Draft.objects.get()
    saved = client.post(
        f"/log/{draft.pk}/", answers(summary="Second words", base="1", reason="Late news")
    )
    assert saved.status_code == 302, wrong(saved)
    meeting.refresh_from_db()
    assert (meeting.summary, meeting.version) == ("Second words", 2)
    assert Interaction.objects.count() == 1


def test_the_line_of_readers_follows_the_level(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    assert "3 people will be able to read this" in client.get(url).content.decode()
    said = client.get(f"{url}readers/", {"level": "1"}).content.decode()
    assert "Amina, Ann (analyst: no text, no identities), Rosa (head)" in said
    assert client.get(f"{url}readers/", {"level": "4"}).status_code == 404  # above her clearance


def test_an_outsider_and_an_analyst_cannot_log_and_learn_nothing(cast):
    hidden = {"engagement": str(cast.engagement.pk)}
    invented = {"engagement": "00000000-0000-4000-8000-000000000000"}
    for person in (cast.oskar, cast.ann, cast.ada):
        client = person.page
        answer, other = client.post("/log/start/", hidden), client.post("/log/start/", invented)
        assert answer.status_code == other.status_code == 404
        assert cast.group.name not in client.get("/log/").content.decode()
    assert not Draft.objects.exists()


def test_a_counterpart_whom_the_writer_may_not_see_is_not_on_the_list_and_is_refused(cast):
    client = cast.amina.page
    hidden = counterpart(cast, "V-99", level=4)
    url = opened(client, cast.engagement)
    assert "V-99" not in client.get(url).content.decode()
    said = [
        sentences(client.post(url, answers(**{"participants-0-counterpart": pk})))
        for pk in (str(hidden.pk), "00000000-0000-4000-8000-000000000000")
    ]
    assert said[0] == said[1] == "Choose one of the answers shown."


def test_a_future_date_is_sent_to_coming(cast):
    client = cast.amina.page
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = client.post(opened(client, cast.engagement), answers(held_on=day))
    assert sentences(page) == "The date lies in the future. Planned meetings go under Coming."


def test_groups_are_found_by_any_of_their_names_and_the_answer_says_why(cast):
    cast.group.names.create(name="جبهة النهر", kind="other_script")
    client = cast.amina.page
    found = client.post("/log/search/", {"words": "جبهه"}).content.decode()
    assert cast.group.name in found
    assert "جبهة النهر" in found
    assert cast.group.name not in client.post("/log/search/", {"words": "zzz"}).content.decode()


def test_a_closed_or_foreign_page_asks_to_sign_in_first(cast, client):
    assert client.get("/log/").headers["Location"].startswith("/accounts/")
    assert client.post("/log/start/", {}).status_code == 302


def test_the_pages_ask_the_database_as_often_for_many_as_for_few(cast):
    client = cast.amina.page
    asked = []
    for number in (1, 9):
        for one in range(number):
            group = a_group(f"Front {number} {one}")
            open_engagement(
                cast.amina.viewer, ngo=cast.ngo, armed_group=group, context=cast.valdoria
            )
        who = [counterpart(cast, f"V-{number}{one}") for one in range(number)]
        rows = {f"participants-{n}-counterpart": str(one.pk) for n, one in enumerate(who)}
        for one in range(number):
            rows |= {f"claims-{one}-kind": "promise", f"claims-{one}-side": "ours"}
            rows[f"claims-{one}-text"] = f"Promise {one}"
        pk = logged(client, cast.engagement, **rows)
        url = opened(client, cast.engagement)
        asked.append([queries_of(client, path) for path in ("/log/", url, f"/meetings/{pk}/")])
    assert asked[0] == asked[1]


def queries_of(client, path):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
