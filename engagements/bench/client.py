"""A client of the running site: the API with a token, pages with a session."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.models import User
from accounts.services.tokens import mint_token
from engagements.bench.processes import HOST

GROWER = "grower"  # the grown register's head of delegation, who reads everything


def grower() -> User:
    return User.objects.get(username=GROWER)


def fresh_token() -> str:
    return mint_token(owner=grower(), name="bench", days=1, can_write=True)[1]


def fresh_session() -> str:
    """A signed-in session, as the sign-in page would make one."""
    user, session = grower(), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@dataclass(frozen=True)
class Client:
    """Asks one thing at a time, each on a connection of its own: gunicorn keeps none for long."""

    port: int
    token: str
    session: str = ""

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if self.session:
            headers["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={self.session}"
        with closing(HTTPConnection(HOST, self.port, timeout=60)) as line:
            line.request(method, path, body and json.dumps(body), headers)
            answer = line.getresponse()
            return answer.status, answer.read()

    def get(self, path: str) -> bytes:
        status, body = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return body

    def save(self, meeting: Mapping[str, Any]) -> None:
        status, body = self.ask("POST", "/api/v1/interactions/", meeting)
        if status != 201:
            raise RuntimeError(f"The meeting was answered {status}: {body[:500]!r}")


def meeting_with(engagement: str, number: int) -> dict[str, Any]:
    """A meeting as the two-minute form sends it, never twice the same."""
    return {
        "id": str(uuid4()),
        "engagement": engagement,
        "held_on": timezone.localdate().isoformat(),
        "type": "norm",
        "channel": "neutral_place",
        "highest_level": "L2",
        "outcome": number % 5,
        "trust": number % 5,
        "topics": ["N02", "N04"],
        "readings": [{"factor": code, "rating": number % 5} for code in ("QI1", "GR4", "NG1")],
        "summary": "They asked for the text and said that they would read it to the others.",
    }
