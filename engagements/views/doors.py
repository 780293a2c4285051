"""What every page for reading starts with: signed in, and nothing but GET or HEAD."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import Viewer, because, readers_of

View = Callable[..., HttpResponse]


class SignedIn(HttpRequest):
    """A request with its viewer, as accounts.middleware leaves it."""

    viewer: Viewer


def signed_in(view: View) -> View:
    """Signed in, or sent to sign in. A request from within a page is answered 401, which the page
    says in words: a sign-in form would land in the middle of it.
    """

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("HX-Request") and not request.user.is_authenticated:
            return HttpResponse(status=401)
        return login_required(view)(request, *args, **kwargs)

    return door


def page(view: View) -> View:
    """A page to read. The session is the door; what is on the page is for the selectors to cut."""
    return signed_in(require_safe(view))


def crumbs(*steps: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way to a page, from the widest noun to this one: label and address."""
    return list(steps)


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
