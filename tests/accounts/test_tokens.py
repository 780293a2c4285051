"""Tokens: made and revoked by their owner, with their owner's rights of this very moment."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import ApiToken, Membership, User
from accounts.services.tokens import digest_of, mint_token
from tests.cast import Api, a_group


def form(**more):
    return {"name": "monthly report", "days": "30", **more}


def text_in(answer):
    return re.search(r"parley_[\w-]{43}", answer.content.decode()).group()


def test_a_token_is_made_on_the_page_and_shown_once(cast):
    page = cast.amina.page
    answer = page.post("/tokens/", form())
    text = text_in(answer)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    token = ApiToken.objects.get(owner=cast.amina.user)
    assert token.digest == digest_of(text)
    assert not token.can_write
    assert text not in page.get("/tokens/").content.decode()
    assert Api(text).get("me/").status_code == 200


def test_only_its_digest_is_kept(cast):
    _, text = mint_token(owner=cast.amina.user, name="x")
    row = ApiToken.objects.values().get()
    assert text not in str(row)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"days": "91"}, "90"),
        ({"days": "0"}, "1"),
        ({"days": "soon"}, "whole number"),
        ({"name": ""}, "required"),
        ({"networks": "the office"}, "192.0.2.0/24"),
        ({"contexts": "nonsense"}, "valid"),
    ],
)
def test_a_wrong_answer_is_told_and_what_was_typed_stays(cast, wrong, sentence):
    answer = cast.amina.page.post("/tokens/", form(**wrong))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert wrong.get("name", "monthly report") in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_nobody_makes_a_token_for_a_context_of_others(cast):
    answer = cast.amina.page.post("/tokens/", form(contexts=[str(cast.kestria.pk)]))
    assert answer.status_code == 422
    assert "Kestria" not in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_revoked_token_is_refused_at_once(cast):
    page = cast.amina.page
    api = Api(text_in(page.post("/tokens/", form())))
    assert api.get("me/").status_code == 200
    token = ApiToken.objects.get(owner=cast.amina.user)
    assert page.post(f"/tokens/{token.pk}/revoke/").status_code == 302
    assert api.get("me/").status_code == 401
    assert "revoked" in page.get("/tokens/").content.decode()


def test_somebody_elses_token_is_not_found(cast):
    token, _ = mint_token(owner=cast.rosa.user, name="hers")
    page = cast.amina.page
    assert "hers" not in page.get("/tokens/").content.decode()
    assert page.post(f"/tokens/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_the_page_asks_to_sign_in(client):
    assert client.get("/tokens/").status_code == 302
    assert client.get("/tokens/")["Location"].startswith("/accounts/login/")


def test_revoking_takes_a_post_with_its_csrf_token(cast):
    from django.test import Client

    token, _ = mint_token(owner=cast.amina.user, name="x")
    page = Client(enforce_csrf_checks=True)
    page.force_login(cast.amina.user, "allauth.account.auth_backends.AuthenticationBackend")
    assert page.post(f"/tokens/{token.pk}/revoke/").status_code == 403
    assert page.get(f"/tokens/{token.pk}/revoke/").status_code == 405
    assert page.post("/tokens/", form()).status_code == 403
    assert ApiToken.objects.count() == 1


def test_an_expired_token_and_one_of_a_deactivated_owner_are_refused(cast):
    amina, oskar = cast.amina.api(), cast.oskar.api()
    ApiToken.objects.filter(owner=cast.amina.user).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    User.objects.filter(pk=cast.oskar.user.pk).update(is_active=False)
    assert amina.get("me/").status_code == 401
    assert oskar.get("me/").status_code == 401


def test_a_right_that_is_taken_away_is_gone_at_the_next_call(cast):
    group = a_group("River Band", context=cast.valdoria, level=3)
    api = cast.amina.api()
    assert api.get(f"armed-groups/{group.pk}/").status_code == 200
    Membership.objects.filter(user=cast.amina.user).update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )
    assert api.get(f"armed-groups/{group.pk}/").status_code == 404


def test_level_4_never_travels_by_token(cast):
    group = a_group("River Band", context=cast.valdoria, level=4)
    assert cast.rosa.viewer.clearance(cast.valdoria.pk) == 4
    assert cast.rosa.api().get(f"armed-groups/{group.pk}/").status_code == 404


def test_a_token_reaches_no_further_than_its_contexts(cast):
    Membership.objects.create(user=cast.amina.user, context=cast.kestria, role="delegate")
    both = [a_group(c.name, context=c) for c in (cast.valdoria, cast.kestria)]
    paths = [f"armed-groups/{group.pk}/" for group in both]
    wide, narrow = cast.amina.api(), cast.amina.api(contexts=(cast.kestria,))
    assert [wide.get(path).status_code for path in paths] == [200, 200]
    assert [narrow.get(path).status_code for path in paths] == [404, 200]
    assert [row["code"] for row in narrow.get("me/").json()["memberships"]] == ["kestria"]


def test_a_token_works_from_its_networks_alone(cast):
    _, text = mint_token(owner=cast.amina.user, name="x", networks="192.0.2.0/24")
    api = Api(text)
    assert api.get("me/").status_code == 401
    _, text = mint_token(owner=cast.amina.user, name="x", networks="127.0.0.0/8")
    assert Api(text).get("me/").status_code == 200


def test_a_token_opens_no_page_and_makes_no_token(cast, client):
    api = cast.amina.api()
    answer = client.post("/tokens/", form(), headers={"Authorization": f"Bearer {api.token}"})
    assert answer.status_code == 302
    assert ApiToken.objects.count() == 1


def printed(*words):
    out = StringIO()
    call_command("token", *words, stdout=out)
    return out.getvalue()


def test_the_command_prints_a_token_as_its_last_word(cast):
    told = printed("amina", "--name", "bench", "--write", "--days", "7")
    token = ApiToken.objects.get()
    assert Api(told.split()[-1]).get("me/").json()["user"]["username"] == "amina"
    assert token.can_write
    assert token.expires_at - timezone.now() < timedelta(days=7)


@pytest.mark.parametrize(
    "words",
    [("nobody", "--name", "x"), ("amina", "--name", "x", "--days", "91"), ("amina", "--name", "")],
)
def test_the_command_refuses_in_a_sentence(cast, words):
    with pytest.raises(CommandError):
        printed(*words)
    assert not ApiToken.objects.exists()


def test_the_command_makes_nobody_a_reader_of_a_real_register(cast, settings):
    settings.PARLEY_TRIAL = False
    with pytest.raises(CommandError, match="on the page"):
        printed("amina", "--name", "x")
    assert not ApiToken.objects.exists()
    User.objects.create_user("sam", "x", name="Sam Sample", is_sample=True)
    assert printed("sam", "--name", "x").split()[-1].startswith("parley_")
