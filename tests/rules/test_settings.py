"""Settings: server mode refuses to start half told, and what is told is safe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.celery import app
from config.environment import NOT_TO_BE_TRIED_AGAIN

TOLD = {
    "PARLEY_SECRET_KEY": "a fixed text for tests, long and varied enough to pass 0123456789",
    "PARLEY_KEK_FILE": "/nowhere/kek",
    "PARLEY_DATABASE_URL": "postgresql://parley@127.0.0.1:1/parley",
    "PARLEY_REDIS_URL": "redis://127.0.0.1:1/0",
    "PARLEY_ALLOWED_HOSTS": "register.example",
    "PARLEY_PROXIES": "1",
}


def start(told: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run one of Parley's commands under the production settings, with nothing else told."""
    ours = ("PARLEY_", "DJANGO_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "-m", "django", *command],
        cwd=settings.BASE_DIR,
        env=inherited | told | {"DJANGO_SETTINGS_MODULE": "config.settings.production"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", sorted(set(TOLD) - {"PARLEY_PROXIES"}))
def test_production_refuses_to_start_without(name):
    ran = start({key: value for key, value in TOLD.items() if key != name}, "check")
    assert ran.returncode == NOT_TO_BE_TRIED_AGAIN
    assert ran.stderr.strip().splitlines() == [
        f"Parley will not start: set {name} (.env.example says what each is)."
    ]


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("PARLEY_SECRET_KEY", "short", "at least 50 characters"),
        ("PARLEY_DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("PARLEY_REDIS_URL", "http://x", "redis://"),
        ("PARLEY_PROXIES", "two", "whole number"),
        ("PARLEY_PLAIN_HTTP", "yes", "loopback"),
        ("PARLEY_PLAIN_HTTP", "maybe", "yes or no"),
    ],
)
def test_production_refuses_a_setting_it_cannot_use(name, value, complaint):
    ran = start(TOLD | {name: value}, "check")
    assert ran.returncode == NOT_TO_BE_TRIED_AGAIN
    assert complaint in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


def test_production_passes_the_check_for_deployment():
    ran = start(TOLD, "check", "--deploy", "--fail-level", "WARNING")
    assert ran.returncode == 0, ran.stderr


def test_a_secret_may_come_from_a_mounted_file(tmp_path):
    secret = Path(tmp_path, "secret_key")
    secret.write_text("y" * 50 + "\n")
    told = {name: value for name, value in TOLD.items() if name != "PARLEY_SECRET_KEY"}
    asked = "import django.conf; print(django.conf.settings.SECRET_KEY)"
    ran = start(told | {"PARLEY_SECRET_KEY_FILE": str(secret)}, "shell", "-v", "0", "-c", asked)
    assert ran.stdout.strip() == "y" * 50, ran.stderr


def test_every_task_on_the_schedule_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_nothing_is_cached_for_all_readers():
    assert not any("cache" in entry.lower() for entry in settings.MIDDLEWARE)
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
