"""Drafts on the server: what is typed is kept, once, in order, for its writer alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from engagements.models import Draft, Interaction
from tests.engagements.log_pages import answers, draft_at, logged, opened, wrong

pytestmark = pytest.mark.django_db(transaction=True)


def keep(client, url, *, tab="one", count=1, based_on=0, **said):
    sent = answers(**said) | {"tab": tab, "count": str(count), "based_on": str(based_on)}
    return client.post(f"{url}keep/", sent)


def said_in(url):
    return draft_at(url).body["answers"].get("summary")


def test_what_is_typed_is_kept_and_there_again_when_the_page_is_opened_anew(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    answer = keep(client, url, summary="They came with", **{"objections-heard": ["none"]})
    assert answer.status_code == 200
    assert answer.json()["sequence"] == 1
    form = client.get(url).context["form"]
    assert form["summary"].value() == "They came with"
    assert form["objections-heard"].value() == ["none"]
    assert not Interaction.objects.exists()


def test_a_save_that_arrives_late_changes_nothing(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    keep(client, url, count=2, summary="newer")
    late = keep(client, url, count=1, summary="older")
    assert late.status_code == 200
    assert said_in(url) == ["newer"]
    assert draft_at(url).sequence == 1


def test_a_page_that_did_not_hear_the_last_answer_goes_on_saving(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    keep(client, url, count=1, summary="one")
    answer = keep(client, url, count=2, based_on=0, summary="two")  # the answer to 1 was lost
    assert answer.status_code == 200
    assert said_in(url) == ["two"]


def test_of_two_pages_on_one_draft_the_second_is_told_and_nothing_is_written_over(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    keep(client, url, tab="one", summary="from the first page")
    told = keep(client, url, tab="two", based_on=0, summary="from the second page")
    assert told.status_code == 409
    assert told.json()["saved_at"]
    assert said_in(url) == ["from the first page"]
    insisted = keep(client, url, tab="two", count=2, summary="from the second page", insist="1")
    assert insisted.status_code == 200
    assert said_in(url) == ["from the second page"]
    assert keep(client, url, tab="one", count=2, based_on=1, summary="again").status_code == 409


def test_a_page_opened_later_goes_on_from_what_was_kept(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    keep(client, url, tab="one", summary="begun on the road")
    answer = keep(client, url, tab="two", based_on=1, summary="ended at the desk")
    assert answer.status_code == 200
    assert said_in(url) == ["ended at the desk"]


def test_autosave_without_a_sign_in_says_401_and_keeps_nothing(cast):
    url = opened(cast.amina.page, cast.engagement)
    assert keep(Client(), url, summary="typed after the session ended").status_code == 401
    assert said_in(url) is None


def test_saving_after_the_session_ended_loses_nothing_and_goes_on_after_a_new_sign_in(cast):
    url = opened(cast.amina.page, cast.engagement)
    page = Client().post(url, answers(summary="typed after the session ended"))
    assert page.status_code == 401
    text = page.content.decode()
    assert "Your note is kept on this page" in text
    assert 'value="typed after the session ended"' in text
    assert 'name="highest_level" value="L2"' in text
    assert not Interaction.objects.exists()
    assert cast.amina.page.post(url, answers(summary="as it was")).status_code == 302
    assert Interaction.objects.count() == 1


def test_a_post_without_the_pages_token_changes_nothing_and_offers_to_save_again(cast):
    client = Client(enforce_csrf_checks=True)
    client.cookies = cast.amina.page.cookies
    url = opened(cast.amina.page, cast.engagement)
    page = client.post(url, answers(summary="<script>"))
    assert page.status_code == 403
    assert "Press Save once more" in page.content.decode()
    assert 'value="&lt;script&gt;"' in page.content.decode()
    assert not Interaction.objects.exists()
    again = client.post(url, answers(csrfmiddlewaretoken=page.context["csrf_token"]))
    assert again.status_code == 302
    for unsafe in ("keep/", "discard/", "readings/"):
        assert client.post(f"{url}{unsafe}", answers()).status_code == 403


def test_a_fragment_asked_for_after_the_session_ended_is_no_sign_in_page(cast):
    url = opened(cast.amina.page, cast.engagement)
    pk = logged(cast.amina.page, cast.engagement)
    within = {"HX-Request": "true"}
    assert Client().post(f"{url}readings/", answers(), headers=within).status_code == 401
    for path in (f"{url}readers/?level=3", f"/meetings/{pk}/effects/", "/log/anchors/"):
        assert Client().get(path, headers=within).status_code == 401
        assert Client().get(path).status_code == 302


def test_a_renewed_sign_in_gives_the_page_its_new_token(cast):
    assert Client().get("/log/token/").status_code == 401
    assert len(cast.amina.page.get("/log/token/").json()["token"]) > 30


def test_several_drafts_stand_side_by_side_and_one_is_discarded_after_a_question(cast):
    client = cast.amina.page
    urls = [opened(client, cast.engagement) for _ in range(3)]
    keep(client, urls[0], summary="the first one")
    assert client.get("/drafts/").content.decode().count("Discard<span") == 3
    asked = client.get(f"{urls[0]}discard/").content.decode()
    assert "the first one" in asked
    assert Draft.objects.count() == 3  # asking deletes nothing
    client.post(f"{urls[0]}discard/")
    assert Draft.objects.count() == 2


def test_a_discarded_draft_is_not_brought_back_by_the_other_page(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    client.post(f"{url}discard/")
    answer = keep(client, url, summary="still typing")
    assert answer.status_code == 410
    assert not Draft.objects.exists()


def test_saving_still_works_when_the_draft_is_gone(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    Draft.objects.all().delete()
    carried = {"engagement": str(cast.engagement.pk), "record": url.split("/")[2]}
    page = client.post(url, answers(outcome="", summary="not lost", **carried))
    assert page.status_code == 422
    assert Draft.objects.get().body["answers"]["summary"] == ["not lost"]
    assert client.post(url, answers(**carried)).status_code == 302


def test_another_persons_draft_is_not_there(cast):
    url = opened(cast.amina.page, cast.engagement)
    keep(cast.amina.page, url, summary="Amina's own")
    for person in (cast.rosa, cast.oskar, cast.ann):
        client = person.page
        assert client.get(url).status_code == 404
        assert client.get(f"{url}discard/").status_code == 404
        assert keep(client, url, count=9, summary="not yours").status_code == 410
        client.post(f"{url}discard/")
        assert "Amina's own" not in client.get("/drafts/").content.decode()
    assert said_in(url) == ["Amina's own"]


def test_the_address_of_a_draft_that_became_a_meeting_leads_to_the_meeting(cast):
    client = cast.amina.page
    pk = logged(client, cast.engagement)
    assert client.get(f"/log/{pk}/").headers["Location"] == f"/meetings/{pk}/"


def test_the_words_of_a_draft_are_sealed_in_the_database(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    keep(client, url, summary="a canary in the mine")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM engagements_draft")
        assert b"canary" not in bytes(cursor.fetchone()[0])


def test_no_get_changes_anything(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    before = Draft.objects.values_list("sequence", "saved_at").get()
    for path in ("/log/", url, "/drafts/", f"{url}discard/", f"{url}readers/?level=3"):
        assert client.get(path).status_code == 200
    for path in ("/log/start/", "/log/search/", f"{url}keep/", f"{url}readings/"):
        assert client.get(path).status_code == 405
    assert Draft.objects.values_list("sequence", "saved_at").get() == before


def test_a_draft_of_a_page_that_failed_the_rules_is_kept_without_being_judged(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    keep(client, url, outcome="", summary="half")
    page = client.get(url)
    assert wrong(page) == []
    assert "Say how it ended" not in page.content.decode()
