"""Wake whoever does the jobs. A bell carries nothing: a lost one costs a wait, never a job."""

from __future__ import annotations

import threading

# The embedded drain waits on this; the same process saves and computes.
rung = threading.Event()


def ring() -> None:
    """Wake the drain of this process, if there is one."""
    rung.set()
