"""`manage.py test`: the suite on SQLite and, beside it, what may differ again on PostgreSQL.

Arguments go to pytest as they are. PARLEY_TEST_ENGINE=sqlite or postgresql asks for one alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

from tests.machine import IN_CI, NO_POSTGRESQL, postgresql_url

ROOT = Path(__file__).resolve().parents[1]
INTERRUPTED, NOTHING_COLLECTED = 2, 5

Tests = subprocess.Popen[bytes]


def main(arguments: list[str]) -> int:
    wanted = os.environ.get("PARLEY_TEST_ENGINE")
    if wanted == "sqlite":
        return verdict([alone("sqlite", arguments)])
    url = postgresql_url()
    if url is not None:
        os.environ["PARLEY_TEST_DATABASE_URL"] = url
        return verdict([alone("postgresql", arguments)] if wanted else both(arguments))
    codes = [] if wanted else [alone("sqlite", arguments)]
    print(f"\nLeft out: the run on PostgreSQL, because {NO_POSTGRESQL}.", flush=True)
    return verdict([*codes, 1] if IN_CI or wanted else codes)


def alone(engine: str, arguments: list[str]) -> int:
    print(f"\nThe tests on {engine}", flush=True)
    with started(engine, arguments) as tests:
        return ended(tests)


def both(arguments: list[str]) -> list[int]:
    """SQLite's run in sight, PostgreSQL's at the same time and shown afterwards.

    On PostgreSQL only the tests that touch the database: how pages look was asked once already.
    """
    print("\nThe tests on sqlite, and beside them those on postgresql", flush=True)
    with tempfile.TemporaryFile() as said:
        again = started("postgresql", [*arguments, "--second-engine"], said)
        try:
            with started("sqlite", arguments) as tests:
                first = ended(tests)
            print("\nThe tests on postgresql", flush=True)
            return [first, shown_to_its_end(again, said)]
        except KeyboardInterrupt:
            return [INTERRUPTED]
        finally:
            again.terminate()
            again.wait()


def started(engine: str, arguments: list[str], said: IO[bytes] | None = None) -> Tests:
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        env=os.environ | {"PARLEY_TEST_ENGINE": engine},
        stdout=said,
        stderr=said,
    )


def ended(tests: Tests) -> int:
    try:
        return tests.wait()
    except KeyboardInterrupt:  # they got it too, and tidy up after themselves
        return tests.wait() or INTERRUPTED


def shown_to_its_end(tests: Tests, said: IO[bytes]) -> int:
    """Print what the run has said so far and goes on to say."""
    shown, is_over = 0, False
    while True:
        more = os.pread(said.fileno(), 65_536, shown)
        shown += len(more)
        sys.stdout.buffer.write(more)
        sys.stdout.flush()
        if is_over and not more:
            return tests.returncode
        is_over = tests.poll() is not None
        if not more and not is_over:
            time.sleep(0.5)


def verdict(codes: list[int]) -> int:
    """0 when every run passed; a run that had nothing to do counts only if no other had."""
    ran = [code for code in codes if code != NOTHING_COLLECTED]
    return max(ran) if ran else NOTHING_COLLECTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
