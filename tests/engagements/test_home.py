"""Home: what is a person's to do, what moved since they looked last, and what is coming."""

from __future__ import annotations

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from engagements.tasks import sweep_jobs
from tests.engagements import sent
from tests.engagements.log_pages import opened
from tests.engagements.reading_pages import links, section, words

HOME = "/"


def yesterday(person):
    """The person looked at their home page yesterday, and signs in anew."""
    User.objects.filter(pk=person.user.pk).update(home_seen_at=timezone.now() - timedelta(days=1))
    return person.page


def test_nothing_to_do_says_what_would_stand_there(cast):
    page = cast.amina.page.get(HOME)
    assert "Nothing is waiting for you" in section(page, "todo")
    assert "No score has moved" in section(page, "moved")
    assert "Planned meetings stand here" in section(page, "coming")


def test_drafts_are_there_for_their_writer_alone(cast):
    client = cast.amina.page
    draft = opened(client, cast.engagement)
    page = client.get(HOME)
    assert draft in links(page)
    assert cast.group.name in section(page, "todo")
    assert draft not in links(cast.rosa.page.get(HOME))


def test_what_is_overdue_stands_before_what_is_due(cast):
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast))["id"]
    for text, due in (("They open the road", sent.day(-5)), ("They free the driver", sent.day(9))):
        sent.saved(api, "claims/", sent.claim(held, text=text, due_on=due))
    sent.saved(api, "claims/", sent.claim(held, text="Far away", due_on=sent.day(-200)))
    todo = section(cast.amina.page.get(HOME), "todo")
    assert todo.index("They free the driver") < todo.index("They open the road")
    assert f"overdue since {sent.day(9)}" in todo
    assert "Far away" not in todo


def test_what_was_said_is_not_shown_to_an_analyst_or_an_outsider(cast):
    api = cast.amina.api()
    step = {"what": "Send the leaflet", "due_on": sent.day(-3)}
    held = sent.saved(api, "interactions/", sent.meeting(cast, next_step=step))["id"]
    sent.saved(api, "claims/", sent.claim(held, text="They open the road", due_on=sent.day(-5)))
    assert "Send the leaflet" in words(cast.amina.page.get(HOME))
    for_analyst = words(cast.ann.page.get(HOME))
    assert "They open the road" not in for_analyst
    assert "Send the leaflet" not in for_analyst
    assert "Next step" in section(cast.ann.page.get(HOME), "todo")
    assert "Nothing is waiting" in section(cast.oskar.page.get(HOME), "todo")


def test_what_moved_shows_old_and_new_and_the_record_behind_it(cast):
    sweep_jobs()
    client = yesterday(cast.amina)
    held = sent.saved(
        cast.amina.api(),
        "interactions/",
        sent.meeting(cast, readings=[{"factor": "GR4", "rating": 4}]),
    )["id"]
    sweep_jobs()
    page = client.get(HOME)
    assert re.search(r"Conditions [\w .]+ → [\d.]+", section(page, "moved"))
    assert reverse("meeting", args=[held]) in links(page)
    assert reverse("dossier", args=[cast.dossier.pk]) in links(page)
    assert "No score has moved" in section(yesterday(cast.oskar).get(HOME), "moved")


def test_what_moved_tells_of_a_pattern_too(cast):
    sweep_jobs()
    client = yesterday(cast.amina)
    for before in (3, 2, 1):
        reported = {"standard": "verified", "occurred_on": sent.day(before), "level": 1}
        last = sent.saved(cast.amina.api(), "incidents/", sent.incident(cast, **reported))["id"]
    sent.recompute()
    page = client.get(HOME)
    assert "Violations no pattern → pattern" in section(page, "moved")
    assert reverse("incident", args=[last]) in links(page)


def test_a_second_look_in_the_same_session_still_shows_what_moved(cast):
    sweep_jobs()
    client = yesterday(cast.amina)
    sent.saved(
        cast.amina.api(),
        "interactions/",
        sent.meeting(cast, readings=[{"factor": "GR4", "rating": 4}]),
    )
    sweep_jobs()
    first = section(client.get(HOME), "moved")
    assert section(client.get(HOME), "moved") == first
    assert "No score has moved" in section(cast.amina.page.get(HOME), "moved")


def test_coming_shows_planned_meetings_soonest_first_to_the_delegation_alone(cast):
    api = cast.amina.api()
    for ahead in (9, 3):
        sent.saved(api, "plans/", sent.plan(cast, planned_on=sent.day(-ahead)))
    coming = section(cast.amina.page.get(HOME), "coming")
    assert coming.index(sent.day(-3)) < coming.index(sent.day(-9))
    for person in (cast.ann, cast.oskar):
        assert sent.day(-3) not in words(person.page.get(HOME))


def test_somebody_without_a_context_is_told_how_to_get_one(cast):
    assert "You work in no context yet" in words(cast.ada.page.get(HOME))


def test_home_asks_to_sign_in(client):
    answer = client.get(HOME)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
