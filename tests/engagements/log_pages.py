"""How the tests of the meeting form fill it in: the address of a draft, and six answers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from engagements.models import Draft

SIX = {"type": "norm", "channel": "their_area", "highest_level": "L2", "outcome": "2"}


def opened(client: Any, engagement: Any, **more: str) -> str:
    """The address of a new draft, as the button of the group gives it."""
    answer = client.post("/log/start/", {"engagement": str(engagement.pk), **more})
    assert answer.status_code == 302, answer.content
    return str(answer.headers["Location"])


def answers(**changed: Any) -> dict[str, Any]:
    """The six required answers, and what the form carries."""
    day = timezone.localdate().isoformat()
    return {"held_on": day, "date_precision": "day", "level": "3"} | SIX | changed


def logged(client: Any, engagement: Any, **changed: Any) -> str:
    """Log a meeting; its id."""
    saved = client.post(opened(client, engagement), answers(**changed))
    assert saved.status_code == 302, wrong(saved)
    return str(saved.headers["Location"]).split("/")[2]


def wrong(page: Any) -> list[tuple[str, str, str]]:
    """What the page says is wrong."""
    return list(page.context["form"].problems()) if page.context else []


def sentences(page: Any) -> str:
    return " ".join(sentence for _, _, sentence in wrong(page))


def draft_at(url: str) -> Draft:
    return Draft.objects.get(pk=url.split("/")[2])
