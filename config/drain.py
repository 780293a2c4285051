"""The embedded default's worker: one thread that does the jobs, woken by each save."""

from __future__ import annotations

import logging
import threading

from django.db import close_old_connections, connection

from engagements.tasks import sweep_jobs
from records.bell import ring, rung

SWEEP_SECONDS = 1.0

log = logging.getLogger("parley.drain")
_stopping = threading.Event()
_thread: threading.Thread | None = None


def start() -> None:
    """Start draining; what earlier processes left undone is done first."""
    global _thread
    _stopping.clear()
    _thread = threading.Thread(target=_drain, name="drain", daemon=True)
    _thread.start()


def stop() -> None:
    """Finish the job in hand and end."""
    _stopping.set()
    ring()
    if _thread is not None:
        _thread.join(timeout=30)


def _drain() -> None:
    while not _stopping.is_set():
        rung.wait(SWEEP_SECONDS)
        rung.clear()
        try:
            while not _stopping.is_set() and sweep_jobs():
                pass
        except Exception:  # the database may be away for a moment: the jobs stay in it
            log.exception("the drain will try again")
            close_old_connections()
    connection.close()
