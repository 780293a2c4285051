"""The parts and charts in Chromium: both schemes, both directions, phone and desk."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import expect

STATIC = Path(__file__).parents[2] / "static"
SCRIPTS = ("django_htmx/htmx-2.min.js", "js/parley.js")

GALLERY = pytest.mark.urls("tests.scorecards.gallery")
LOOKS = pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(360, "light", "en"), (360, "dark", "ar"), (1280, "light", "ar"), (1280, "dark", "en")],
)


def opened(page, width=360, scheme="light", language="en", query=""):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.set_extra_http_headers({"Accept-Language": language})
    answer = page.goto(f"/gallery/{query}")
    assert answer.status == 200
    return page


@GALLERY
@pytest.mark.browser
@LOOKS
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(page, width, scheme, language):
    opened(page, width, scheme, language)
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    results = Axe().run(page)
    assert results.response["violations"] == []
    assert results.response["passes"]


@GALLERY
@pytest.mark.browser
def test_everything_that_is_tapped_on_a_phone_is_44_pixels_high(page):
    opened(page)
    sizes = page.evaluate(
        """[...document.querySelectorAll(
            '.button, .chip, .anchor, .rung, .field select, .field input[type=date], summary,'
            + '.foot-bar a, .applied a')]
            .filter((one) => one.checkVisibility())
            .map((one) => [one.outerHTML.slice(0, 60), one.getBoundingClientRect().height])"""
    )
    assert len(sizes) > 30
    assert [size for size in sizes if size[1] < 44] == []


@GALLERY
@pytest.mark.browser
def test_the_keyboard_always_sees_where_it_is(page):
    opened(page, 1280)
    for _ in range(80):
        page.keyboard.press("Tab")
        outlined = page.evaluate(
            """(() => {
                const one = document.activeElement;
                const around = one.closest('.chip, .anchor, .rung') || one;
                const sign = one.matches('svg a') && one.querySelector('.hit');
                return sign ? getComputedStyle(sign).stroke !== 'none'
                    : getComputedStyle(around).outlineStyle !== 'none';
            })()"""
        )
        assert outlined, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


@GALLERY
@pytest.mark.browser
def test_after_a_refused_form_the_keyboard_stands_at_the_errors(page):
    opened(page)
    assert page.evaluate("document.activeElement.id") == "error-summary"


@GALLERY
@pytest.mark.browser
def test_a_fourth_topic_rests_until_one_is_taken_away(page):
    opened(page)
    topics = page.locator("fieldset[data-most] input")
    for number in range(3):
        topics.nth(number).check()
    assert topics.nth(3).is_disabled()
    topics.nth(0).uncheck()
    assert topics.nth(3).is_enabled()


@GALLERY
@pytest.mark.browser
def test_a_long_time_line_scrolls_in_its_own_box_and_opens_at_its_newest_end(page):
    opened(page)
    box = page.locator(".timeline [data-newest][aria-label='Time line']").first
    inside, outside, left = box.evaluate("(b) => [b.scrollWidth, b.clientWidth, b.scrollLeft]")
    assert inside > 2 * outside
    assert left == pytest.approx(inside - outside, abs=1)


@GALLERY
@pytest.mark.browser
def test_the_dot_stands_still_where_motion_is_not_wanted(page):
    moving = "getComputedStyle(document.querySelector('.state.pending'), '::before').animationName"
    opened(page)
    assert page.evaluate(moving) == "beat"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == "none"


@GALLERY
@pytest.mark.browser
def test_on_paper_there_is_no_menu_and_no_button(page):
    opened(page, 1280)
    page.emulate_media(media="print")
    for away in (".top", ".foot-bar", ".button.filled", ".pager"):
        assert not page.locator(away).first.is_visible(), away
    assert page.locator(".timeline").first.is_visible()


@GALLERY
@pytest.mark.browser
def test_a_pending_score_gives_way_to_the_new_one_without_a_reload(page):
    opened(page, query="?poll=/gallery/fresh/")
    expect(page.locator("#score")).to_have_text("Score 58.3")
    assert page.locator("#score .pending").count() == 0


@GALLERY
@pytest.mark.browser
def test_a_failed_background_request_is_told_in_words_and_leaves_the_page_as_it_was(page):
    opened(page, query="?poll=/gallery/broken/")
    expect(page.locator("#notice")).to_contain_text("What you typed stays here")
    expect(page.locator("#score .pending")).to_be_visible()


def weight(path):
    return len(gzip.compress(Path(path).read_bytes(), 9))


def test_the_style_sheet_and_the_scripts_stay_within_their_weight():
    sheet = STATIC / "css" / "parley.css"
    assert sheet.stat().st_size <= 25_000
    assert weight(sheet) <= 6_000
    shipped = sorted(path.name for path in (STATIC / "js").glob("*.js"))
    assert sum(weight(finders.find(script)) for script in SCRIPTS) <= 25_000, shipped


def test_the_style_sheets_know_no_left_and_right_and_no_outside_address():
    css = "".join(path.read_text() for path in sorted((STATIC / "css").glob("*.css")))
    assert (
        re.findall(
            r"(?:margin|padding|border)-(?:left|right|top|bottom)|\bfloat:\s*(?:left|right)|://",
            css,
        )
        == []
    )
    assert re.findall(r"(?:^|[\s{;])(?:left|right|top|bottom|width|height)\s*:", css) == []
    assert re.findall(r"text-align:\s*(?:left|right)", css) == []
