"""One thread that does the jobs: the embedded default's worker, woken by each save, and in server
mode the look round of a worker that may not have heard its bell."""

from __future__ import annotations

import logging
import threading
from datetime import date

from django.db import close_old_connections, connection
from django.utils import timezone

from engagements.tasks import age_scores, sweep_jobs
from records.bell import ring, rung

SWEEP_SECONDS = 1.0
WORKER_SECONDS = 10.0

log = logging.getLogger("parley.drain")
_stopping = threading.Event()
_thread: threading.Thread | None = None


def start(*, every: float = SWEEP_SECONDS) -> None:
    """Start draining; what earlier processes left undone is done first."""
    global _thread
    _stopping.clear()
    _thread = threading.Thread(target=_drain, args=(every,), name="drain", daemon=True)
    _thread.start()


def stop() -> None:
    """Finish the job in hand and end."""
    _stopping.set()
    ring()
    if _thread is not None:
        _thread.join(timeout=30)


def ask_for_ageing(asked: date | None) -> date:
    """Once a day, and at the start; the job table knows whether another process was first."""
    today = timezone.localdate()
    if today != asked:
        age_scores()
    return today


def _drain(every: float) -> None:
    day: date | None = None
    while not _stopping.is_set():
        rung.wait(every)
        rung.clear()
        try:
            day = ask_for_ageing(day)
            while not _stopping.is_set() and sweep_jobs():
                pass
        except Exception:  # the database may be away for a moment: the jobs stay in it
            log.exception("the drain will try again")
            close_old_connections()
    connection.close()
