"""How much one token may ask in a minute: enough for any client, not for a runaway loop."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.conf import settings
from rest_framework.throttling import BaseThrottle

MINUTE = 60.0
DEFAULT_LIMIT = 12_000  # a client that never waits makes about this many requests a minute


class PerToken(BaseThrottle):
    """Counts in the memory of this process: a shared count would cost every read three writes."""

    _counts: dict[object, tuple[float, int]] = {}
    _lock = threading.Lock()

    def allow_request(self, request: Any, view: Any) -> bool:
        limit = getattr(settings, "PARLEY_API_LIMIT", DEFAULT_LIMIT)
        key, now = getattr(request.auth, "pk", None) or request.user.pk, time.monotonic()
        with self._lock:
            self._forget(now)
            began, count = self._counts.get(key, (now, 0))
            self._counts[key] = (began, count + 1)
        self._wait = MINUTE - (now - began)
        return count < limit

    def _forget(self, now: float) -> None:
        for key in [key for key, (began, _) in self._counts.items() if now - began > MINUTE]:
            del self._counts[key]

    def wait(self) -> float:
        return self._wait
