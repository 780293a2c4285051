"""Take a record out of the sums, let it count again, delete it: a reason each, on one page for all.

Withdrawing is also how deletion is asked for: a head who did not withdraw it confirms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import Viewer
from actors.access import (
    counterparts_visible_to,
    facts_visible_to,
    groups_visible_to,
    ngos_visible_to,
    services_visible_to,
)
from engagements import access
from engagements.services.actors import COUNTERPARTS, GROUPS, NGOS, delete_group, delete_ngo
from engagements.services.changes import Noun
from engagements.services.commitments import COMMITMENTS
from engagements.services.dated import FACTS, SERVICES
from engagements.services.incidents import INCIDENTS
from engagements.services.meetings import MEETINGS, delete_meeting
from engagements.views.doors import SignedIn, signed_in
from records.models.records import CURRENT, DELETED

LONGEST = 500


@dataclass(frozen=True)
class Turning:
    """How the state of one kind of record is changed.

    `word` names it; `rows` are those on which the viewer may do a thing; `name` begins the names of
    its addresses and is its page's, unless `page` leads to that of another; `listed` is where one
    stands once the record is gone, `after` a page to go to instead of its own.
    """

    word: str
    rows: Callable[..., QuerySet[Any]]
    noun: Noun[Any]
    name: str
    listed: str = "home"
    after: str = ""
    page: Callable[[Any], str] | None = None
    delete: Callable[..., Any] | None = None

    @property
    def view(self) -> Callable[..., HttpResponse]:
        def turned(request: SignedIn, pk: UUID, act: str) -> HttpResponse:
            return _answer(request, self, pk, act)

        return signed_in(require_http_methods(["GET", "HEAD", "POST"])(turned))

    def turn(self, viewer: Viewer, pk: UUID, act: str, reason: str) -> Any:
        acts = {
            "withdraw": self.noun.withdraw,
            "restore": self.noun.restore,
            "delete": self.delete or self.noun.delete,
        }
        return acts[act](viewer, pk, reason=reason)


def _answer(request: SignedIn, way: Turning, pk: UUID, act: str) -> HttpResponse:
    found = get_object_or_404(way.rows(request.viewer, verb=way.noun.verb), pk=pk)
    page = way.page(found) if way.page else reverse(way.name, args=[pk])
    wrong, reason = "", request.POST.get("reason", "")[:LONGEST].replace("\0", "")
    if request.method == "POST":
        try:
            turned = way.turn(request.viewer, pk, act, reason)
            if turned.state == DELETED:
                return redirect(way.listed if not way.page else page)
            return redirect(reverse(way.after, args=[pk]) if way.after else page)
        except (ValidationError, PermissionDenied) as refusal:
            wrong = " ".join(getattr(refusal, "messages", None) or [str(refusal)])
    shown = {
        "word": way.word,
        "act": act,
        "wrong": wrong,
        "reason": reason,
        "back": page,
        "delete": act == "restore" and _delete_page(request, way, found),
    }
    return render(request, "engagements/record_state.html", shown, status=422 if wrong else 200)


def _delete_page(request: SignedIn, way: Turning, found: Any) -> str:
    """Where one confirms a deletion, if one may: for records that are a line of another's page."""
    confirms = found.state != CURRENT and access.confirms_deletion(request.viewer, found)
    return reverse(f"{way.name}_delete", args=[found.pk]) if confirms else ""


meeting = Turning(
    "meeting",
    access.interactions_visible_to,
    MEETINGS,
    "meeting",
    "meetings",
    after="meeting_saved",
    delete=delete_meeting,
).view
incident = Turning("incident", access.incidents_visible_to, INCIDENTS, "incident", "incidents").view
commitment = Turning(
    "commitment", access.commitments_visible_to, COMMITMENTS, "commitment", "commitments"
).view
fact = Turning(
    "fact",
    facts_visible_to,
    FACTS,
    "fact",
    page=lambda row: reverse("context", args=[row.context_id]),
).view
service = Turning(
    "service",
    services_visible_to,
    SERVICES,
    "service",
    page=lambda row: reverse("ngo", args=[row.ngo_id]),
).view
group = Turning(
    "armed group", groups_visible_to, GROUPS, "group", "groups", delete=delete_group
).view
ngo = Turning("NGO", ngos_visible_to, NGOS, "ngo", "ngos", delete=delete_ngo).view
counterpart = Turning(
    "counterpart",
    counterparts_visible_to,
    COUNTERPARTS,
    "counterpart",
    page=lambda row: reverse("group", args=[row.armed_group_id]),
).view
