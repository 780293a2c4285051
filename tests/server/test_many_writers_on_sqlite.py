"""The embedded default has one writer at a time, and nobody is ever told so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from records.sealing import ensure_kek
from tests.servers import ROOT

pytestmark = pytest.mark.server

WRITERS, EACH = 4, 25


@pytest.fixture
def register(tmp_path: Path) -> dict[str, str]:
    """An SQLite register of its own, with a few engagements; the environment to reach it."""
    ensure_kek(tmp_path / "keys" / "kek")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")
    } | {"DJANGO_SETTINGS_MODULE": "config.settings.local", "PARLEY_VAR": str(tmp_path)}
    finish(manage(environment, "migrate", "--verbosity", "0"))
    finish(manage(environment, "shell", "-c", "from tests.server.seed import seed; seed()"))
    return environment


def manage(environment: dict[str, str], *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> list[str]:
    """The words of the process's last line; an AssertionError with what went wrong."""
    said, errors = process.communicate(timeout=180)
    assert process.returncode == 0, errors
    assert "locked" not in errors
    return (said.splitlines() or [""])[-1].split()


def test_four_writers_a_reader_and_the_drain_never_meet_a_locked_database(register):
    meetings = WRITERS * EACH
    calls = [f"write({place}, {EACH})" for place in range(WRITERS)]
    calls += [f"read({meetings})", f"drain({meetings})"]
    processes = [
        manage(register, "shell", "-c", f"from tests.server.writers import *; {call}")
        for call in calls
    ]
    told = [finish(process) for process in processes]
    assert told[:WRITERS] == [["saved", str(EACH)]] * WRITERS
    assert [words[0] for words in told[WRITERS:]] == ["read", "scored"]
    check = "from engagements.models import Interaction; print(Interaction.objects.count())"
    assert finish(manage(register, "shell", "-c", check)) == [str(meetings)]
