"""A sign-in ends half an hour after its last page, and after twelve hours in any case."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from config import sessions

MINUTE = 60


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves: the session's own reckoning, and the table's."""

    class Clock:
        def __init__(self) -> None:
            self.begun = self.now = timezone.now()

        def on(self, minutes: float) -> None:
            self.now += timedelta(minutes=minutes)

    clock = Clock()
    monkeypatch.setattr(sessions.time, "time", lambda: clock.now.timestamp())
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def signed_in(client, django_user_model, clock):
    client.force_login(django_user_model.objects.create(username="amina", name="Amina"))
    return client


def is_signed_in(client) -> bool:
    return client.get("/", follow=False).wsgi_request.user.is_authenticated


@pytest.mark.django_db
def test_a_sign_in_lasts_while_pages_are_opened(signed_in, clock):
    for _ in range(10):
        clock.on(minutes=20)
        assert is_signed_in(signed_in)


@pytest.mark.django_db
def test_a_sign_in_ends_half_an_hour_after_the_last_page(signed_in, clock):
    assert is_signed_in(signed_in)
    clock.on(minutes=31)
    assert not is_signed_in(signed_in)


@pytest.mark.django_db
def test_a_sign_in_ends_after_twelve_hours_however_busy(signed_in, clock):
    for _ in range(36):
        assert is_signed_in(signed_in)
        clock.on(minutes=20)
    clock.on(minutes=1)
    assert not is_signed_in(signed_in)
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_a_second_page_within_the_minute_writes_no_session(signed_in):
    assert is_signed_in(signed_in)
    before = Session.objects.values().get()
    assert is_signed_in(signed_in)
    assert Session.objects.values().get() == before
