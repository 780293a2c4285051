"""Walk every page and every address of the API that a person can reach, as they would read it."""

from __future__ import annotations

import html
import re
from collections import deque
from typing import Any

from tests.cast import Api, Person

LINK = re.compile(r'(?:href|src|data-[a-z-]*(?:url|href|src)|action)="(/[^"#]*)"')
# Files, and addresses that end a session or only take a post.
PASSED_OVER = re.compile(
    r"^/(static|accounts|tokens|api|health)/|/(keep|discard|recompute|submit)/$"
)
NOUNS = (
    "ngos", "armed-groups", "counterparts", "contexts", "engagements", "dossiers", "plans",
    "interactions", "claims", "follow-ups", "commitments", "incidents", "observations",
    "assessments", "blockers", "scorecards", "success-factors",
)  # fmt: skip


def pages(person: Person, *more: str, most: int = 400) -> dict[str, str]:
    """Address -> what is read there: from home on, and from these addresses."""
    browser, found, ahead = person.page, dict[str, str](), deque(["/", *more])
    while ahead and len(found) < most:
        address = ahead.popleft()
        if address in found or PASSED_OVER.search(address):
            continue
        answer = browser.get(address)
        assert answer.status_code < 500, address
        text = answer.content.decode()
        found[address] = text if answer.status_code == 200 else str(answer.status_code)
        ahead.extend(html.unescape(link) for link in LINK.findall(text))
    return found


def answers(api: Api) -> dict[str, Any]:
    """Address -> JSON of every list, every record in it, and what hangs on its scores."""
    found: dict[str, Any] = {}
    for noun in NOUNS:
        listed = f"{noun}/?count=true"
        for row in _read(api, listed, found).get("results", ()):
            pk = row["id"] if "id" in row else row["dossier"]["id"]
            _read(api, f"{noun}/{pk}/", found)
            if noun in ("scorecards", "success-factors"):
                for rest in ("evidence/", "history/", "evidence/?as_of=2026-01-31"):
                    _read(api, f"{noun}/{pk}/{rest}", found)
                if noun == "success-factors":
                    _read(api, f"{noun}/{pk}/movement/?since=2026-01-31", found)
        if noun not in ("scorecards", "success-factors"):
            _read(api, f"{noun}/?updated_since=2020-01-01T00:00:00Z", found)
    return found


def _read(api: Api, path: str, found: dict[str, Any]) -> Any:
    answer = api.get(path)
    assert answer.status_code < 500, path
    body = answer.json()
    body.pop("request_id", None)
    found[path] = [answer.status_code, answer.headers.get("ETag"), body]
    return body
