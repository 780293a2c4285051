"""Row 26: SQLite has one writer at a time; four writers and a reader must never be told so."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import OperationalError

from accounts.access import viewer_for
from engagements.bench.bars import Figure
from engagements.bench.client import grower
from engagements.bench.rows import Here, row
from engagements.bench.rows.creating import meeting_of
from engagements.models import Dossier
from engagements.selectors.scores import success_factors_json
from engagements.services.meetings import record_meeting

WRITERS, SECONDS = 4, 10.0


@row(26)
def contention(here: Here) -> Iterator[Figure]:
    if here.engine != "sqlite":
        return
    told = in_processes(SECONDS)
    done = f"{told['saved']:,} saves by {WRITERS} processes, {told['read']:,} reads beside them"
    yield Figure("locked", told["locked"], done)


def in_processes(seconds: float) -> Counter[str]:
    """Writers and a reader at once, each a process of its own: what they met, summed up."""
    parts = ["write"] * WRITERS + ["read"]
    processes = [
        subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-c", _CALL.format(part, place, seconds)],
            cwd=settings.BASE_DIR,
            env=os.environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        for place, part in enumerate(parts)
    ]
    met: Counter[str] = Counter()
    for process in processes:
        said, _ = process.communicate()
        if process.returncode:
            raise RuntimeError("a process of the measurement failed")
        *_, saved, read, locked = said.split()
        met += Counter(saved=int(saved), read=int(read), locked=int(locked))
    return met


_CALL = "from engagements.bench.rows.contention import {0}; {0}({1}, {2})"


def write(place: int, seconds: float) -> None:
    """Save meetings to a dossier of this process's own, and say how many."""
    dossiers = Dossier.objects.select_related("engagement__armed_group").order_by("id")
    viewer, content = viewer_for(grower()), meeting_of(dossiers[place])
    tell("saved", seconds, lambda: record_meeting(viewer, content, digest="bench"))


def read(place: int, seconds: float) -> None:
    """Read the scores of dossiers that are being written, and say how many."""
    dossiers = list(
        Dossier.objects.select_related("engagement__ngo", "engagement__armed_group").order_by("id")
    )[:WRITERS]
    viewer = viewer_for(grower())
    tell("read", seconds, lambda: [success_factors_json(viewer, row) for row in dossiers])


def tell(what: str, seconds: float, act: Callable[[], object]) -> None:
    met: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            act()
            met[what] += 1
        except OperationalError:
            met["locked"] += 1
    print(met["saved"], met["read"], met["locked"])
