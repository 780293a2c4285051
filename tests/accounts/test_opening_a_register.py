"""An empty register gets its first head of delegation once; nobody lets themselves in later."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.access import viewer_for
from accounts.models import Context, User
from records.sealing import check_keys

pytestmark = pytest.mark.django_db


def first_head(user: str = "rosa", context: str = "north") -> str:
    check_keys()
    told = StringIO()
    call_command("first_head", user, name="Rosa", context=context, called="North", stdout=told)
    return told.getvalue().split()[-1]


def test_the_first_head_signs_in_and_stands_in_their_context():
    password = first_head()
    page = Client()
    answer = page.post("/accounts/login/", {"login": "rosa", "password": password})
    assert answer.status_code == 302
    grant = viewer_for(User.objects.get()).by_context[Context.objects.get().pk]
    assert (grant.role, grant.clearance) == ("head", 4)


def test_a_register_with_people_in_it_opens_to_nobody():
    first_head()
    with pytest.raises(CommandError, match="already"):
        first_head("mallory", "south")
    assert User.objects.count() == 1


def test_a_name_that_does_not_fit_leaves_nothing_behind():
    with pytest.raises(CommandError, match="small letters"):
        first_head("Rosa the First")
    assert not User.objects.exists()
    assert not Context.objects.exists()
