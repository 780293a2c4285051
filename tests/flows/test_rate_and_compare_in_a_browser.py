"""Rate, agree and compare in Chromium: on a phone without a word cut off, and on paper."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from engagements.models import Dossier
from scorecards.models import ReviewTask
from tests.cast import an_ngo, person
from tests.engagements import sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _database_from_the_browsers_thread(monkeypatch):
    """Playwright keeps an event loop in this thread; the tests still look into the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def amina(page, cast, live_server):
    """The page, signed in as Amina."""
    value = cast.amina.page.cookies["parley_session"].value
    page.context.add_cookies([{"name": "parley_session", "value": value, "url": live_server.url}])
    return page


def fits(page):
    """Nothing sticks out at the side, and no rule of accessibility is broken."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_delegate_rates_a_dimension_with_its_evidence_and_hands_it_in(amina, cast):
    noted = sent.meeting(cast, evidence=[{"criterion": "D1", "rating": 3, "seen": "On the wall"}])
    sent.saved(cast.amina.api(), "interactions/", noted)
    amina.goto(reverse("assess", args=[cast.dossier.pk]))
    fits(amina)
    amina.get_by_role("button", name="Begin an assessment").click()
    first = amina.locator("section").first
    first.get_by_label(re.compile(r"^\s*3 ·")).check()
    first.get_by_text("What it rests on").click()
    first.get_by_label(re.compile("On the wall")).check()
    fits(amina)
    amina.get_by_role("button", name="Save and look at it").click()
    expect(amina.locator("main")).to_contain_text("1 of 41 assessed: 1 new")
    fits(amina)
    amina.get_by_role("button", name="Submit for review").click()
    expect(amina.locator("main")).to_contain_text("Submitted")


def test_two_raters_agree_on_a_phone(amina, cast):
    sami = person("Sami", "delegate", 3, cast.valdoria)
    for who, rating in ((cast.amina, 0), (sami, 3)):
        rows = [{"criterion": "D1", "rating": rating}]
        body = sent.assessment(cast, ratings=rows)
        pk = sent.saved(who.api(), "assessments/", body)["id"]
        assert who.api().post(f"assessments/{pk}/submit/").status_code == 200
    amina.goto(reverse("assess", args=[cast.dossier.pk]))
    amina.get_by_role("link", name=re.compile("^D1")).click()
    fits(amina)
    amina.get_by_label(re.compile(r"^\s*2 ·")).check()
    amina.get_by_role("button", name="Take it into my assessment").click()
    expect(amina.locator("main")).to_contain_text("1 of 41 assessed")
    assert ReviewTask.objects.get().progress == "open"


def test_a_comparison_fits_a_phone_and_one_sheet_of_paper(amina, cast):
    chosen = [cast.dossier]
    for name in ("Ford Watch", "Hill Doctors", "Quiet Table", "River Aid"):
        told = sent.engagement(cast, ngo=str(an_ngo(name).pk))
        made = sent.saved(cast.amina.api(), "engagements/", told)
        chosen.append(Dossier.objects.get(engagement=made["id"]))
    sent.saved(cast.amina.api(), "incidents/", sent.incident(cast))
    sent.recompute()
    asked = "&".join(f"dossier={one.pk}" for one in chosen)
    amina.goto(f"{reverse('compare')}?{asked}")
    expect(amina.locator("table.comparison")).to_contain_text("Murder")
    fits(amina)
    sheet = amina.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Count (\d+)", sheet) == [b"1"]
    amina.set_viewport_size({"width": 1280, "height": 900})
    fits(amina)
