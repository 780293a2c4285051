"""The pages to read, in Chromium: a score that arrives by itself, phones, paper, axe."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from engagements.tasks import sweep_jobs
from tests.engagements import sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}


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


@pytest.fixture
def register(cast):
    """One of everything on the dossier, scored; the addresses of the pages that show it."""
    api, head = cast.amina.api(), cast.rosa.api()
    told = sent.meeting(
        cast,
        topics=["N11"],
        next_step={"what": "Send the text", "due_on": sent.day(3)},
        readings=[{"factor": "GR4", "rating": 3}, {"factor": "QI1", "rating": 0}],
    )
    held = sent.saved(api, "interactions/", told)["id"]
    sent.saved(api, "claims/", sent.claim(held, due_on=sent.day(-5)))
    bound = sent.saved(api, "commitments/", sent.commitment(cast))["id"]
    seen = sent.saved(api, "incidents/", sent.incident(cast))["id"]
    ratings = [{"criterion": f"D{n}", "rating": n % 5, "grade": "A1"} for n in range(1, 8)]
    rated = sent.saved(api, "assessments/", sent.assessment(cast, ratings=ratings))["id"]
    assert api.post(f"assessments/{rated}/submit/").status_code == 200
    assert head.post(f"assessments/{rated}/finalise/").status_code == 200
    draft = sent.saved(api, "assessments/", sent.assessment(cast))["id"]
    sweep_jobs()
    dossier = cast.dossier.pk
    return {
        "home": "/",
        "groups": "/groups/",
        "group": reverse("group", args=[cast.group.pk]),
        "ngos": "/ngos/",
        "ngo": reverse("ngo", args=[cast.ngo.pk]),
        "meetings": "/meetings/?type=norm",
        "promises": "/promises/",
        "commitments": "/commitments/",
        "commitment": reverse("commitment", args=[bound]),
        "incidents": "/incidents/",
        "incident": reverse("incident", args=[seen]),
        "context": reverse("context", args=[cast.valdoria.pk]),
        "dossier": reverse("dossier", args=[dossier]),
        "scorecard evidence": reverse("evidence", args=[dossier, "scorecard"]),
        "factor evidence": reverse("evidence", args=[dossier, "success-factors"]),
        "assessments": reverse("assess", args=[dossier]),
        "assessment": reverse("assessment", args=[rated]),
        "rating": reverse("assessment_rate", args=[draft, "doctrine"]),
        "new group": "/groups/new/",
        "new commitment": "/commitments/new/",
    }


def score_on(page):
    return page.locator("#conditions ~ div .big").first.inner_text()


def test_the_new_score_arrives_without_a_reload_and_the_asking_stops(amina, cast, register):
    told = sent.meeting(cast, readings=[{"factor": "GR4", "rating": 0}], grade="A1")
    sent.saved(cast.amina.api(), "interactions/", told)
    amina.goto(register["dossier"])
    expect(amina.locator("#scores .state.pending")).to_contain_text("Recomputing; shown as of")
    before = score_on(amina)
    asked = []
    amina.on("request", lambda request: asked.append(request.url))
    amina.evaluate("window.stayed = true")
    amina.wait_for_timeout(1500)
    assert score_on(amina) == before
    sweep_jobs()
    expect(amina.locator("#scores .state.pending")).to_have_count(0)
    assert score_on(amina) != before
    assert amina.evaluate("window.stayed") is True  # the page was never loaded again
    assert any(url.endswith("/scores/") for url in asked)
    asked.clear()
    amina.wait_for_timeout(1500)
    assert asked == []


def test_a_number_opens_its_evidence_by_tap_and_key(amina, register):
    amina.goto(register["dossier"])
    amina.locator("#conditions ~ div .big a").first.tap()
    expect(amina.locator("h1")).to_contain_text("Evidence")
    amina.go_back()
    amina.locator("summary", has_text="Armed group").tap()
    factor = amina.get_by_role("link", name="Top command committed")
    factor.focus()
    amina.keyboard.press("Enter")
    expect(amina.locator("h1")).to_have_text("Evidence: Top command committed")
    expect(amina.locator("main")).to_contain_text("3 of 4")


@pytest.mark.parametrize(("scheme", "direction"), [("light", "ltr"), ("dark", "rtl")])
def test_pages_fit_a_phone_and_a_desk_and_axe_finds_nothing(
    amina, register, live_server, scheme, direction
):
    amina.emulate_media(color_scheme=scheme)
    if direction == "rtl":
        language = {"name": "django_language", "value": "ar", "url": live_server.url}
        amina.context.add_cookies([language])
    found = []
    for name, address in register.items():
        for size in (PHONE, DESK):
            amina.set_viewport_size(size)
            assert amina.goto(address).status == 200, name
            expect(amina.locator("html")).to_have_attribute("dir", direction)
            wider = amina.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wider <= 0, f"{name} is {wider} px wider than {size['width']}"
        wrong = Axe().run(amina).response["violations"]
        found += [(name, one["id"], one["nodes"][0]["html"]) for one in wrong]
    assert found == []


def test_a_dossier_prints_on_two_pages(amina, register):
    amina.goto(register["dossier"])
    paper = amina.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2


def test_a_search_works_by_keyboard_and_survives_going_back(amina, cast, register):
    amina.goto("/groups/")
    amina.locator("input[type=search]").fill("river front")
    amina.keyboard.press("Enter")
    expect(amina.locator("main")).to_contain_text(cast.group.name)
    assert "river" not in amina.url
    amina.get_by_role("link", name=cast.group.name).first.tap()
    expect(amina.locator("h1")).to_have_text(cast.group.name)
    amina.go_back()
    expect(amina.locator("main")).to_contain_text(cast.group.name)
