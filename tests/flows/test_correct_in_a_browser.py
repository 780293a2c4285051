"""An incident is corrected on a phone by keyboard alone; rows of a commitment grow and go."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from engagements.models import Commitment, Incident
from tests.engagements import sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _database_from_the_browsers_thread(monkeypatch):
    """Playwright keeps an event loop in this thread; the tests still look into the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def amina(page, cast, live_server):
    """A phone, signed in as Amina."""
    value = cast.amina.page.cookies["parley_session"].value
    page.context.add_cookies([{"name": "parley_session", "value": value, "url": live_server.url}])
    page.set_viewport_size({"width": 360, "height": 780})
    return page


def fits(page):
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, f"{wider} px too wide"
    wrong = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in wrong] == []


def test_an_incident_is_corrected_by_keyboard_on_a_phone(amina, cast):
    body = sent.incident(cast, victims=4, description="They shelled the school")
    pk = sent.saved(cast.amina.api(), "incidents/", body)["id"]
    amina.goto(reverse("incident", args=[pk]))
    amina.get_by_role("link", name="Correct", exact=True).focus()
    amina.keyboard.press("Enter")
    expect(amina.locator("h1")).to_have_text("Correct the incident")
    fits(amina)
    amina.get_by_label("Number of victims").focus()
    amina.keyboard.press("Control+A")
    amina.keyboard.type("many")
    amina.get_by_label("Why you change it").focus()
    amina.keyboard.type("Counted again")
    amina.get_by_role("button", name="Save the correction").focus()
    amina.keyboard.press("Enter")
    expect(amina.locator("#error-summary")).to_be_focused()
    expect(amina.get_by_label("Number of victims")).to_have_value("many")
    expect(amina.get_by_label("Why you change it")).to_have_value("Counted again")
    amina.get_by_label("Number of victims").focus()
    amina.keyboard.press("Control+A")
    amina.keyboard.type("6")
    amina.keyboard.press("Enter")
    expect(amina.locator("h1")).to_contain_text("Murder")
    expect(amina.locator("main")).to_contain_text("6")
    fits(amina)
    assert Incident.objects.get(pk=pk).victims == 6


def test_clauses_grow_and_are_cleared(amina, cast):
    pk = sent.saved(cast.amina.api(), "commitments/", sent.commitment(cast))["id"]
    amina.goto(reverse("commitment_correct", args=[pk]))
    fits(amina)
    rows = amina.locator('[data-rows="clauses"]')
    rows.get_by_role("button", name="Another one").click()
    added = rows.locator(".row-set").nth(2)
    added.get_by_label("What it says").fill("Nobody enters a clinic armed")
    added.get_by_label("Topic").select_option("N03")
    added.get_by_label("Duty").select_option("do_not")
    rows.get_by_role("button", name="Clear this row").first.click()
    amina.get_by_role("button", name="Save the correction").click()
    expect(amina.locator("main")).to_contain_text("Nobody enters a clinic armed")
    clauses = Commitment.objects.get(pk=pk).clauses.all()
    assert [one.text for one in clauses] == ["Nobody enters a clinic armed"]
