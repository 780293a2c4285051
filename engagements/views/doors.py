"""What every page for reading starts with: signed in, and nothing but GET or HEAD."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import Viewer

View = Callable[..., HttpResponse]


class SignedIn(HttpRequest):
    """A request with its viewer, as accounts.middleware leaves it."""

    viewer: Viewer


def page(view: View) -> View:
    """A page to read. The session is the door; what is on the page is for the selectors to cut."""
    return login_required(require_safe(view))


def crumbs(*steps: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return list(steps)


Shown = dict[str, Any]
