"""The two health doors, and what is said when the database or a disk fails."""

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client

from config import faults
from config.health import check_migrations
from records.sealing import check_keys, forget_keys


@pytest.fixture(autouse=True)
def asked_anew():
    check_migrations.cache_clear()


def test_a_process_says_that_it_is_alive_without_asking_the_database(client):
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"alive\n")


@pytest.mark.django_db
def test_a_process_with_database_tables_and_key_is_ready(client):
    assert client.get("/health/ready").json() == {"ready": True}


@pytest.mark.django_db
def test_a_process_with_another_key_is_not_ready(client, settings, tmp_path):
    check_keys()
    forget_keys()
    other = tmp_path / "kek"
    other.write_text("08" * 32)
    settings.PARLEY_KEK_FILE = other
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["lacking"]) == (503, "keys")


@pytest.mark.django_db(transaction=True)
def test_a_process_whose_tables_are_older_than_its_code_is_not_ready(client):
    call_command("migrate", "sessions", "zero", verbosity=0)
    try:
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json()["lacking"]) == (503, "migrations")
    finally:
        call_command("migrate", "sessions", verbosity=0)
    assert client.get("/health/ready").status_code == 200


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("server closed the connection unexpectedly"), 503),
        (OperationalError("database or disk is full"), 507),
        (ValueError("what somebody typed"), 500),
    ],
)
@pytest.mark.parametrize("address", ["/", "/api/v1/interactions/"])
def test_a_failure_is_told_in_plain_words_and_without_values(rf, error, status, address):
    try:
        raise error
    except Exception:
        answer = faults.server_error(rf.get(address))
    assert answer.status_code == status
    assert str(error) not in answer.content.decode()
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.django_db
def test_every_answer_is_private_named_and_locked_down(client):
    answer = client.get("/health/ready")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    forged = client.get("/health/ready", headers={"X-Request-ID": answer.headers["X-Request-ID"]})
    assert forged.headers["X-Request-ID"] != answer.headers["X-Request-ID"]


def test_a_host_that_is_not_ours_is_refused():
    assert Client(SERVER_NAME="elsewhere.example").get("/health/live").status_code == 400
