"""Signing in and out, and what a stranger learns at the door: nothing."""

from __future__ import annotations

import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from tests.cast import PASSWORD

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    call_command("createcachetable", verbosity=0)
    cache.clear()


def sign_in(client, login="amina", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password}, **extra)


def test_a_password_opens_the_pages(cast, client):
    answer = sign_in(client)
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.get("/tokens/").status_code == 200


def test_one_comes_back_to_the_page_one_asked_for_and_to_no_other_site(cast, client):
    own = client.post(f"{LOGIN}?next=/tokens/", {"login": "amina", "password": PASSWORD})
    assert own["Location"] == "/tokens/"
    other = Client().post(
        f"{LOGIN}?next=https://evil.example/", {"login": "amina", "password": PASSWORD}
    )
    assert other["Location"] == "/"


def masked(answer):
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return answer.status_code, re.sub(r'value="(amina|nobody|gone)"', "", body)


def test_a_wrong_password_an_unknown_and_a_deactivated_user_read_the_same(cast, client):
    gone = User.objects.create_user("gone", PASSWORD, name="Gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    wrong = masked(sign_in(client, "amina", "not the password"))
    unknown = masked(sign_in(client, "nobody", "not the password"))
    deactivated = masked(sign_in(client, "gone", "not the password"))
    right = masked(sign_in(Client(), "gone", PASSWORD))
    assert wrong == unknown == deactivated == right
    assert 'value="amina"' in sign_in(client, "amina", "wrong").content.decode()


def test_a_deactivated_user_does_not_get_in(cast, client):
    User.objects.filter(username="amina").update(is_active=False)
    sign_in(client)
    assert client.get("/tokens/").status_code == 302


def test_guessing_is_slowed_down_also_from_ever_new_addresses(cast):
    for number in range(6):
        sign_in(Client(), "amina", "wrong", headers={"X-Forwarded-For": f"192.0.2.{number}"})
    assert client_stays_out(sign_in, Client())


def client_stays_out(act, client):
    act(client, headers={"X-Forwarded-For": "198.51.100.7"})
    return client.get("/tokens/").status_code == 302


def test_there_is_no_sign_up_and_no_reset(client):
    for name in ("account_signup", "account_reset_password", "account_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("/accounts/signup/", "/accounts/password/reset/", "/accounts/email/", "/admin/"):
        assert client.get(path).status_code == 404


def test_signing_out_takes_a_post_and_ends_the_session(cast):
    page = cast.amina.page
    assert page.get("/accounts/logout/").status_code == 200
    assert page.get("/tokens/").status_code == 200
    assert page.post("/accounts/logout/").status_code == 302
    assert page.get("/tokens/").status_code == 302
    assert not Session.objects.exists()


def test_signing_in_takes_a_csrf_token(cast):
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_a_new_password_is_taken_and_the_old_one_no_longer(cast):
    page, new = cast.amina.page, "another word at the ford"
    other = cast.amina.page
    answer = page.post(
        "/accounts/password/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302, answer.content
    assert other.get("/tokens/").status_code == 302
    sign_in(again := Client())
    assert again.get("/tokens/").status_code == 302
    sign_in(again, password=new)
    assert again.get("/tokens/").status_code == 200


@pytest.mark.parametrize("weak", ["short", "password1234", "1q2w3e4r5t6y"])
def test_a_weak_password_is_refused_with_its_reason(cast, weak):
    answer = cast.amina.page.post(
        "/accounts/password/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    )
    assert answer.status_code == 200
    assert "password" in answer.content.decode()
    cast.amina.user.refresh_from_db()
    assert cast.amina.user.check_password(PASSWORD)


def test_the_frame_shows_the_banner_of_a_trial_and_not_of_a_real_register(cast, settings):
    page = cast.amina.page
    assert "Trial:" in page.get("/tokens/").content.decode()
    settings.PARLEY_TRIAL = False
    assert "Trial:" not in page.get("/tokens/").content.decode()
    User.objects.create_user("sam", "x", name="Sam Sample", is_sample=True)
    assert "Trial:" in page.get("/tokens/").content.decode()
    assert "Trial:" in Client().get(LOGIN).content.decode()


def test_the_frame_names_who_is_signed_in_and_nobody_else(cast):
    told = cast.amina.page.get("/tokens/").content.decode()
    assert "Amina" in told
    assert "Rosa" not in told
    assert "Amina" not in Client().get(LOGIN).content.decode()


def test_account_pages_have_nothing_inline(cast):
    page = cast.amina.page
    for path in ("/tokens/", "/accounts/password/", "/accounts/logout/", "/api/v1/docs/"):
        told = page.get(path)
        assert told.status_code == 200, path
        text = told.content.decode()
        assert "unsafe-inline" not in told["Content-Security-Policy"]
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", text), path


def test_an_unknown_user_costs_as_much_time_as_a_known_one(cast, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    cast.amina.user.set_password(PASSWORD)
    cast.amina.user.save()
    spent = {}
    for login in ("amina", "nobody"):
        began = time.perf_counter()
        for _ in range(3):
            sign_in(Client(), login, "wrong")
        spent[login] = time.perf_counter() - began
    assert 0.33 < spent["nobody"] / spent["amina"] < 3
