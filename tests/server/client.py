"""A client of the API that measures, retries as the contract says, and works scores out by hand."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.servers import wait_until

# The shipped method, written out again by hand: what a bundle weighs, and how many of its
# factors weigh anything (section 3.3).
BUNDLES = {"EN": (0.20, 6), "NG": (0.20, 6), "GR": (0.35, 11), "QI": (0.25, 6)}


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    etag: str
    seconds: float


@dataclass(frozen=True)
class Client:
    """Speaks to `url` with a token; every call is a connection of its own, as after a crash."""

    url: str
    token: str

    def call(
        self, method: str, path: str, body: Any = None, *, etag: str = "", patience: float = 60
    ) -> Answer:
        """One request. OSError or HTTPException if the server went away before it answered."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if etag:
            headers["If-Match"] = etag
        begun = time.monotonic()
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=patience)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/api/v1{path}", text, headers)
            answer = connection.getresponse()
            told = answer.read()
        finally:
            connection.close()
        seconds = time.monotonic() - begun
        tag = answer.headers.get("ETag", "")
        is_ours = "json" in answer.headers.get("Content-Type", "")  # else the server's own page
        return Answer(answer.status, json.loads(told) if is_ours else None, tag, seconds)

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status == 200, answer.body
        return answer.body

    def save(self, meeting: Mapping[str, Any]) -> Answer:
        return self.call("POST", "/interactions/", meeting)

    def save_until_acknowledged(self, meeting: Mapping[str, Any], *, seconds: float = 60) -> Answer:
        """Send the meeting again under its own id until the server has said that it is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                answer = self.save(meeting)
            except (OSError, HTTPException):
                time.sleep(0.05)
                continue
            if answer.status < 500:
                return answer
            time.sleep(0.05)
        raise AssertionError(f"no answer within {seconds} s")

    def score(self, dossier: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/success-factors/{dossier}/")
        return found

    def wait_for_score(self, dossier: str, *, facts: int, seconds: float) -> dict[str, Any]:
        """The score once it is current and rests on at least so many readings of trust."""

        def arrived() -> bool:
            score = self.score(dossier)
            return score["state"] == "current" and readings_in(score) >= facts

        wait_until(arrived, seconds=seconds, what=f"a score on {facts} readings")
        return self.score(dossier)

    def published(self, dossier: str) -> int:
        """How often a success-factor score has been published to this reader."""
        return len(self.get(f"/success-factors/{dossier}/history/?limit=200")["results"])


def readings_in(score: Mapping[str, Any]) -> int:
    """How many readings of trust (QI1) a score rests on: one per meeting of these tests."""
    counts = [row["evidence_count"] for row in score["factors"] if row["factor"] == "QI1"]
    return counts[0] if counts else 0


def meeting_with(engagement: str, *, trust: int = 3, **answers: Any) -> dict[str, Any]:
    """A meeting as a client sends it, under an id of the client's own."""
    return {
        "id": str(uuid4()),
        "engagement": engagement,
        "held_on": "2026-11-02",
        "type": "norm",
        "channel": "neutral_place",
        "highest_level": "L2",
        "outcome": 3,
        "readings": [{"factor": "QI1", "rating": trust}],
        "summary": "They listened and asked for the text.",
    } | answers


def score_by_hand(rows: Iterable[Mapping[str, Any]]) -> float:
    """The success-factor score from its evidence rows and section 3.3, by plain arithmetic."""
    a: dict[str, float] = {}
    b: dict[str, float] = {}
    for row in rows:
        a[row["factor"]] = a.get(row["factor"], 1.0) + row["w"] * row["u"]
        b[row["factor"]] = b.get(row["factor"], 1.0) + row["w"] * (1 - row["u"])
    points = 0.0
    for factor in a:
        weight, factors = BUNDLES[factor[:2]]
        if factor not in {"EN0", "GR0"}:
            points += 100 * weight / factors * (a[factor] / (a[factor] + b[factor]) - 0.5)
    return 50 + points


def agrees_with_its_evidence(client: Client, dossier: str, score: Mapping[str, Any]) -> bool:
    """The published score is the one that its own evidence adds up to, to the API's 4 decimals."""
    evidence = client.get(f"/success-factors/{dossier}/evidence/?limit=1000")
    assert evidence["inputs_digest"] == score["inputs_digest"]
    return math.isclose(score["score"], score_by_hand(evidence["results"]), abs_tol=1e-4)
