"""The sliders of what-if, in Chromium: by key and finger, with and without the page's script."""

from __future__ import annotations

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
def address(cast, live_server):
    readings = [{"factor": "GR4", "rating": 3}, {"factor": "QI1", "rating": 1}]
    sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast, readings=readings))
    sweep_jobs()
    return live_server.url + reverse("what_if", args=[cast.dossier.pk])


def signed_in(context, cast, live_server):
    value = cast.amina.page.cookies["parley_session"].value
    context.add_cookies([{"name": "parley_session", "value": value, "url": live_server.url}])
    return context


@pytest.fixture
def amina(page, cast, live_server):
    signed_in(page.context, cast, live_server)
    return page


def opened(page, address):
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    return page.locator("#id_mean-GR4")


def test_a_slider_moved_by_key_says_where_it_stands_and_the_score_follows(amina, address):
    slider = opened(amina, address)
    before = amina.locator("#what-if-answer .big").inner_text()
    slider.focus()
    for _ in range(20):
        amina.keyboard.press("ArrowRight")
    expect(amina.locator("#what-if-answer h2")).to_have_text("As supposed")
    assert float(amina.locator("#what-if-answer .big").inner_text()) > float(before)
    expect(amina.locator("#what-if-line")).to_contain_text("→")
    value = slider.input_value()
    assert slider.get_attribute("aria-valuetext").startswith(f"{float(value):.2f}, ")
    said = amina.locator("output[for='id_mean-GR4']")
    expect(said).to_contain_text("committed in")
    expect(slider).to_be_focused()
    amina.get_by_role("link", name="Start again").click()
    expect(amina.locator("#what-if-answer h2")).to_have_text("As it is")
    assert amina.locator("#what-if-answer .big").inner_text() == before


def test_a_meeting_supposed_is_worked_out_as_it_is_told(amina, address):
    opened(amina, address)
    amina.locator("#id_type").select_option("norm")
    expect(amina.locator("#what-if-answer [role=alert]")).to_contain_text("Say how it ended")
    amina.locator("#id_highest_level").select_option("L1")
    amina.locator("#id_outcome").select_option("-2")
    expect(amina.locator("#what-if-answer")).to_contain_text("blocked")
    amina.locator("#id_outcome").select_option("3")
    expect(amina.locator("#what-if-answer")).to_contain_text("What moves")
    expect(amina.locator("#what-if-answer [role=alert]")).to_have_count(0)


def test_it_works_without_a_script(browser, cast, live_server, address):
    context = signed_in(browser.new_context(java_script_enabled=False), cast, live_server)
    page = context.new_page()
    page.goto(address)
    slider = page.locator("#id_mean-EN1")  # the first fold is open
    slider.focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator("#what-if-answer h2")).to_have_text("As supposed")
    expect(page.locator("#what-if-answer")).to_contain_text("Low conflict intensity")
    assert page.locator("#id_mean-EN1").input_value() == "1"
    context.close()


@pytest.mark.parametrize(("scheme", "direction"), [("light", "ltr"), ("dark", "rtl")])
def test_both_pages_fit_a_phone_and_a_desk_and_axe_finds_nothing(
    amina, cast, live_server, address, scheme, direction
):
    amina.emulate_media(color_scheme=scheme)
    if direction == "rtl":
        language = {"name": "django_language", "value": "ar", "url": live_server.url}
        amina.context.add_cookies([language])
    found = []
    sensitivity = live_server.url + reverse("sensitivity", args=[cast.dossier.pk])
    for page in (address, sensitivity):
        for size in (PHONE, DESK):
            amina.set_viewport_size(size)
            opened(amina, page)
            expect(amina.locator("html")).to_have_attribute("dir", direction)
            wider = amina.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wider <= 0, f"{page} is {wider} px wider than {size['width']}"
        wrong = Axe().run(amina).response["violations"]
        found += [(page, one["id"], one["nodes"][0]["html"]) for one in wrong]
    assert found == []
