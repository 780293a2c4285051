"""`manage.py test`: the suite on SQLite, and again on PostgreSQL where one answers.

Arguments go to pytest as they are. PARLEY_TEST_ENGINE=sqlite or postgresql asks for one alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.machine import IN_CI, NO_POSTGRESQL, postgresql_url

ROOT = Path(__file__).resolve().parents[1]
INTERRUPTED, NOTHING_COLLECTED = 2, 5


def main(arguments: list[str]) -> int:
    wanted = os.environ.get("PARLEY_TEST_ENGINE")
    engines = [wanted] if wanted else ["sqlite", "postgresql"]
    codes = [run(engine, arguments) for engine in engines if engine != "postgresql"]
    if "postgresql" in engines and INTERRUPTED not in codes:
        codes.append(run_on_postgresql(arguments, again=bool(codes)))
    return verdict(codes)


def run_on_postgresql(arguments: list[str], *, again: bool) -> int:
    """The tests that touch the database; whether pages look right was asked on SQLite already."""
    url = postgresql_url()
    if url is None:
        print(f"\nLeft out: the run on PostgreSQL, because {NO_POSTGRESQL}.", flush=True)
        return 1 if IN_CI or not again else 0
    os.environ["PARLEY_TEST_DATABASE_URL"] = url
    return run("postgresql", [*arguments, "--second-engine"] if again else arguments)


def run(engine: str, arguments: list[str]) -> int:
    print(f"\nThe tests on {engine}", flush=True)
    environment = os.environ | {"PARLEY_TEST_ENGINE": engine}
    command = [sys.executable, "-m", "pytest", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as tests:
        try:
            return tests.wait()
        except KeyboardInterrupt:  # they got it too, and tidy up after themselves
            return tests.wait() or INTERRUPTED


def verdict(codes: list[int]) -> int:
    """0 when every run passed; a run that had nothing to do counts only if no other had."""
    ran = [code for code in codes if code != NOTHING_COLLECTED]
    return max(ran) if ran else NOTHING_COLLECTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
