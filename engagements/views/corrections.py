"""Correct a stored record with the form by which it is made: one way for every kind of record.

The form carries the version it was opened on and what it said then. If somebody was faster, the
three versions are laid side by side: what only one of the two changed stands by itself, for the
rest one chooses, field by field.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods

from accounts.access import Viewer
from engagements.forms.answers import Answers
from engagements.forms.entry import Entry, answers_of
from engagements.forms.merge import Merge
from engagements.forms.told import told
from engagements.views.doors import Shown, SignedIn, signed_in
from records.versions import Conflict

NOTHING_CHANGED = "Nothing was changed: the record says this already."
BOTH_KEPT = "Somebody else changed this record meanwhile. Both changes are kept: theirs were {}."
# What a page of two versions carries beside the answers.
CARRIED = frozenset({"csrfmiddlewaretoken", "version", "opened", "seen", "then", "reason"})

Trail = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Correction:
    """How one kind of record is corrected.

    `rows` are the records that the viewer may change; `save` calls the service with the version
    that the writer saw; `page` is where the record is read afterwards.
    """

    form: type[Entry]
    rows: Callable[[Viewer], QuerySet[Any]]
    save: Callable[[Viewer, Any, Any, int, str], object]
    page: Callable[[Any], str]
    crumbs: Callable[[Any], Trail]
    note: str = field(default="", kw_only=True)

    @property
    def view(self) -> Callable[..., HttpResponse]:
        def corrected(request: SignedIn, pk: UUID) -> HttpResponse:
            return _answer(request, self, pk)

        return signed_in(require_http_methods(["GET", "HEAD", "POST"])(corrected))


@dataclass(frozen=True)
class Opened:
    """What the writer's page was opened on: the version, and what it said."""

    version: int
    said: Answers

    @classmethod
    def carried_by(cls, posted: QueryDict) -> Opened:
        return cls(_number(posted.get("version", "")), _answers(posted.get("opened", "")))

    @property
    def text(self) -> str:
        return json.dumps(self.said, ensure_ascii=False)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _answers(text: str) -> Answers:
    """What the page says it was opened on; nothing, if that cannot be read."""
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(held, dict):
        return {}
    return {
        name: values
        for name, values in held.items()
        if isinstance(values, list) and all(isinstance(one, str) for one in values)
    }


@dataclass(frozen=True)
class Desk:
    """One correction at work: the record as it is stored now, and what it says to this viewer."""

    request: SignedIn
    way: Correction
    record: Any

    @property
    def theirs(self) -> Answers:
        return answers_of(self.way.form.said_of(self.request.viewer, self.record))

    @property
    def now(self) -> Opened:
        return Opened(self.record.version, self.theirs)

    def form(self, answers: Answers | QueryDict, *, judged: bool = True) -> Entry:
        data = answers if isinstance(answers, QueryDict) else MultiValueDict(answers)
        return self.way.form(data, viewer=self.request.viewer, record=self.record, judged=judged)


def _answer(request: SignedIn, way: Correction, pk: UUID) -> HttpResponse:
    desk = Desk(request, way, get_object_or_404(way.rows(request.viewer), pk=pk))
    if request.method != "POST":
        now = desk.now
        return _show(desk, desk.form(now.said, judged=False), now)
    opened = Opened.carried_by(request.POST)
    if "then" in request.POST:  # one more row, nothing saved
        return _show(desk, desk.form(request.POST, judged=False), opened)
    if "seen" in request.POST:
        return _settled(desk, opened)
    return _save(desk, desk.form(request.POST), opened)


def _save(desk: Desk, form: Entry, opened: Opened) -> HttpResponse:
    if form.is_valid():
        if form.answers == desk.theirs:  # sent twice, or nothing touched
            messages.info(desk.request, NOTHING_CHANGED)
            return redirect(desk.way.page(desk.record))
        try:
            reason = form.cleaned_data.get("reason", "")
            desk.way.save(desk.request.viewer, desk.record, form, opened.version, reason)
            return redirect(desk.way.page(desk.record))
        except ValidationError as refusal:
            form.add_refusal(refusal)
        except Conflict:
            return _both(desk, form, opened)
    return _show(desk, form, opened, status=422)


def _both(desk: Desk, form: Entry, opened: Opened) -> HttpResponse:
    """Somebody was faster: join what goes together, ask about what does not."""
    desk = Desk(
        desk.request,
        desk.way,
        get_object_or_404(desk.way.rows(desk.request.viewer), pk=desk.record.pk),
    )
    merge = Merge(opened.said, form.answers, desk.theirs, form.shape())
    if merge.disputed():
        return _ask(desk, form, opened, merge)
    by_them = [form.heading(piece).lower() for piece in merge.changed_by_them()]
    messages.info(desk.request, BOTH_KEPT.format(", ".join(by_them) or "none that you see here"))
    return _save_merged(desk, merge.merged({}))


def _save_merged(desk: Desk, answers: Answers) -> HttpResponse:
    """Save the joined answers on top of the version they were joined with."""
    reason = desk.request.POST.get("reason", "")
    return _save(desk, desk.form({**answers, "reason": [reason]}), desk.now)


def _settled(desk: Desk, opened: Opened) -> HttpResponse:
    """The writer chose; if somebody changed the record once more, they are asked once more."""
    form = desk.form(desk.request.POST, judged=False)
    merge = Merge(opened.said, form.answers, desk.theirs, form.shape())
    choices = {piece: desk.request.POST.get(f"choice-{piece}", "") for piece in merge.disputed()}
    seen = _number(desk.request.POST.get("seen", "")) == desk.record.version
    if seen and all(choice in ("mine", "theirs", "both") for choice in choices.values()):
        return _save_merged(desk, merge.merged(choices))
    return _ask(desk, form, opened, merge, again=True)


def _ask(
    desk: Desk, mine: Entry, opened: Opened, merge: Merge, *, again: bool = False
) -> HttpResponse:
    theirs = desk.form(merge.theirs, judged=False)
    shape = merge.shape
    known = {**merge.mine, **merge.theirs}
    disputed = [
        {
            "piece": piece,
            "heading": mine.heading(piece),
            "mine": told(mine, piece),
            "theirs": told(theirs, piece),
            "both": shape.joinable(piece, {piece: known.get(piece, [])}),
        }
        for piece in dict.fromkeys(merge.disputed())
    ]
    shown: Shown = {
        "title": mine.correcting,
        "disputed": disputed,
        "by_them": [(mine.heading(one), told(theirs, one)) for one in merge.changed_by_them()],
        "asked_again": again,
        "seen": desk.record.version,
        "opened": opened,
        "held": [(name, value) for name, values in merge.mine.items() for value in values],
        "reason": desk.request.POST.get("reason", ""),
        "crumbs": desk.way.crumbs(desk.record),
    }
    return render(desk.request, "engagements/entry_conflict.html", shown, status=409)


def _show(desk: Desk, form: Entry, opened: Opened, status: int = 200) -> HttpResponse:
    shown: Shown = {
        "form": form,
        "opened": opened,
        "note": desk.way.note,
        "crumbs": desk.way.crumbs(desk.record),
        "back": desk.way.page(desk.record),
    }
    return render(desk.request, "engagements/entry.html", shown, status=status)
