"""The account pages in Chromium, on a phone and on a desk."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from accounts.models import ApiToken
from tests.cast import PASSWORD, Api

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def amina(page, cast):
    """Amina, signed in by hand on her phone."""
    call_command("createcachetable", verbosity=0)
    page.goto("/tokens/")
    assert "/accounts/login/" in page.url
    page.get_by_label("Username").fill("amina")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/tokens/")
    return page


def test_a_token_is_made_seen_once_and_revoked(amina):
    amina.get_by_label("Name").fill("monthly report")
    amina.get_by_text("Valdoria", exact=True).click()
    amina.get_by_role("button", name="Make the token").click()
    text = amina.locator("#new-token").inner_text()
    assert Api(text).get("me/").status_code == 200
    assert list(ApiToken.objects.get().contexts.values_list("code", flat=True)) == ["valdoria"]
    amina.goto("/tokens/")
    assert text not in amina.content()
    amina.get_by_role("button", name="Revoke monthly report").click()
    amina.get_by_text("Ended").wait_for()
    assert Api(text).get("me/").status_code == 401


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(360, "light", "en"), (360, "dark", "ar"), (1280, "dark", "en"), (1280, "light", "ar")],
)
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(amina, width, scheme, language):
    amina.set_viewport_size({"width": width, "height": 800})
    amina.emulate_media(color_scheme=scheme)
    amina.set_extra_http_headers({"Accept-Language": language})
    for path in ("/tokens/", "/accounts/password/", "/accounts/logout/", "/api/v1/docs/"):
        assert amina.goto(path).status == 200
        assert amina.evaluate("document.documentElement.scrollWidth") == width, path
        results = Axe().run(amina).response
        assert results["violations"] == [], path
        assert results["passes"]
