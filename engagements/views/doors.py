"""What every page for reading starts with: signed in, and nothing but GET or HEAD."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import Viewer, because, readers_of

View = Callable[..., HttpResponse]


class SignedIn(HttpRequest):
    """A request with its viewer, as accounts.middleware leaves it."""

    viewer: Viewer


def page(view: View) -> View:
    """A page to read. The session is the door; what is on the page is for the selectors to cut."""
    return login_required(require_safe(view))


def seen_by(viewer: Viewer, record: Any) -> dict[str, Any]:
    """Who may read the record, why this viewer does, and its level: the line under the title."""
    return {
        "readers": _readers(record),
        "because": because(viewer, record),
        "level": record.level,
    }


def _readers(record: Any) -> str:
    if record.context_id is None:
        return "Everybody who works with groups can read this."
    number = len(readers_of(record.context_id, record.level, record.kind))
    return f"{number} {'person' if number == 1 else 'people'} can read this."


Shown = dict[str, Any]
