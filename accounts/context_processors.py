"""What the frame of every page shows: menu, person, contexts, and the banner of a trial."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.selectors import contexts_of, sample_users_exist

SAMPLE = "Trial: invented people and known passwords. Put nothing real in here."
TRIAL = "Trial: one password opens this register, on this machine alone. It has no second factor."

# Pages by the name of their address; one that this installation does not have is left out.
MENU = [
    ("Home", "home"),
    ("Log a meeting", "log_meeting"),
    ("Groups", "groups"),
    ("Meetings", "meetings"),
    ("NGOs", "ngos"),
    ("Promises", "promises"),
    ("Coming", "plans"),
    ("Commitments", "commitments"),
]
FOOT = [("Home", "home"), ("Log", "log_meeting"), ("Groups", "groups"), ("Promises", "promises")]
MINE = [
    ("Method", "method"),
    ("Tokens", "tokens"),
    ("Password", "account_change_password"),
    ("API", "reference"),
]

Entry = tuple[str, str, bool]


def frame(request: HttpRequest) -> dict[str, Any]:
    """`frame` for base.html; an error page finds it empty when the database is away."""
    try:
        return {"frame": _frame(request)}
    except DatabaseError:
        return {"frame": {}}


def _frame(request: Any) -> dict[str, Any]:
    told = {"trial": _banner(), "home_url": _address("home") or "/"}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return told
    return told | {
        "menu": _entries(MENU, request.path),
        "foot": _entries(FOOT, request.path),
        "mine": _entries(MINE, request.path),
        "log_url": _address("log_meeting"),
        "user": user.name,
        "contexts": _contexts(request),
    }


def _banner() -> str | None:
    if sample_users_exist():
        return SAMPLE
    return TRIAL if settings.PARLEY_TRIAL else None


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _entries(pages: list[tuple[str, str]], here: str) -> list[Entry]:
    found = [(label, _address(name)) for label, name in pages]
    return [(label, address, address == here) for label, address in found if address]


def _contexts(request: Any) -> list[Entry]:
    """The contexts of somebody who works in several, to narrow the home page to one."""
    home, chosen = _address("home"), request.GET.get("context", "")
    if home is None or len(request.viewer.grants) < 2:
        return []
    return [
        (context.name, f"{home}?context={context.pk}", chosen == str(context.pk))
        for context in contexts_of(request.viewer)
    ]
