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
from engagements import access
from engagements.services.changes import Noun
from engagements.services.commitments import COMMITMENTS
from engagements.services.incidents import INCIDENTS
from engagements.services.meetings import MEETINGS, delete_meeting
from engagements.views.doors import SignedIn, signed_in
from records.models.records import DELETED

LONGEST = 500


@dataclass(frozen=True)
class Turning:
    """How the state of one kind of record is changed: its word, the rows on which the viewer may
    do a thing, its noun, its page, where one stands after a change and once the record is gone.
    """

    word: str
    rows: Callable[..., QuerySet[Any]]
    noun: Noun[Any]
    name: str
    listed: str
    after: str = ""
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
    get_object_or_404(way.rows(request.viewer, verb=way.noun.verb), pk=pk)
    wrong, reason = "", request.POST.get("reason", "")[:LONGEST].replace("\0", "")
    if request.method == "POST":
        try:
            turned = way.turn(request.viewer, pk, act, reason)
            if turned.state == DELETED:
                return redirect(way.listed)
            return redirect(way.after or way.name, pk)
        except (ValidationError, PermissionDenied) as refusal:
            wrong = " ".join(getattr(refusal, "messages", None) or [str(refusal)])
    shown = {
        "word": way.word,
        "act": act,
        "wrong": wrong,
        "reason": reason,
        "back": reverse(way.name, args=[pk]),
    }
    return render(request, "engagements/record_state.html", shown, status=422 if wrong else 200)


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
