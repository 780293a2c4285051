"""The form of a meeting: open it, save it, correct with it, settle a conflict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Viewer
from engagements.access import drafts_of, engagements_visible_to, interaction_for, plans_visible_to
from engagements.forms.answers import Answers, answers_in, answers_of, answers_of_json, first
from engagements.forms.choices import as_uuid
from engagements.forms.defaults import answers_to_correct, marked
from engagements.forms.meeting import MeetingForm
from engagements.forms.merge import Merge
from engagements.forms.rows import EvidenceRow
from engagements.forms.told import SHAPE, heading_of, in_order, told
from engagements.models import Draft, Engagement, Interaction, Plan
from engagements.selectors.meeting_form import form_room
from engagements.selectors.readers import readers_sentence
from engagements.services import drafts as service
from engagements.services.hidden import content_as_seen, said_as_seen
from engagements.services.meetings import correct_meeting
from engagements.views.doors import Shown, SignedIn, signed_in
from records.versions import AlreadyThere, Conflict

SAVED_ALREADY = "This note was saved already: there is one meeting, not two."
NOW_A_CORRECTION = (
    "This note was saved already. What you changed since then stands below as a correction of it: "
    "look it over and save."
)
BOTH_KEPT = "Somebody else changed this meeting meanwhile. Both changes are kept: theirs were {}."


@dataclass(frozen=True)
class Desk:
    """What the form of one draft works on: the draft (or what the page says of it), the
    engagement, and the stored meeting if this corrects one.
    """

    pk: UUID
    record: UUID
    base: int
    draft: Draft | None
    engagement: Engagement
    stored: Interaction | None

    @property
    def sequence(self) -> int:
        return self.draft.sequence if self.draft else 0


def _desk(request: SignedIn, pk: UUID) -> Desk:
    """From the draft; where that is gone, from what the posted page carries. Http404 if neither."""
    draft = drafts_of(request.viewer).filter(pk=pk).first()
    carried = request.POST
    record = draft.record if draft else as_uuid(carried.get("record", "")) or pk
    base = draft.base_version if draft else _version(carried.get("base", ""))
    named = draft.body.get("engagement", "") if draft else carried.get("engagement", "")
    stored = _stored(request, record) if base else None
    chosen = stored.engagement_id if stored else as_uuid(str(named))
    if chosen is None:  # saved meanwhile, and sent again by a page that carries nothing else
        chosen = interaction_for(request.viewer, record).engagement_id
    engagement = get_object_or_404(_engagements(request), pk=chosen)
    return Desk(pk, record, base, draft, engagement, stored)


def _engagements(request: SignedIn) -> QuerySet[Engagement]:
    rows = engagements_visible_to(request.viewer)
    return rows.select_related("armed_group", "ngo", "context").prefetch_related("ngo__types")


def _stored(request: SignedIn, record: UUID) -> Interaction:
    return interaction_for(request.viewer, record, verb="u")


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _form(request: SignedIn, desk: Desk, answers: Answers, *, judged: bool = True) -> MeetingForm:
    today = timezone.localdate()
    room = form_room(request.viewer, desk.engagement, today=today)
    plan = _plan(request, desk, answers)
    return MeetingForm(answers, room, today=today, stored=desk.stored, plan=plan, judged=judged)


def _plan(request: SignedIn, desk: Desk, answers: Answers) -> Plan | None:
    chosen = as_uuid(first(answers, "plan"))
    if chosen is None or desk.stored is not None:
        return None
    rows = plans_visible_to(request.viewer, verb="u").filter(engagement=desk.engagement)
    return rows.filter(pk=chosen, interaction=None).first()


# --- Open and save --------------------------------------------------------------------------------


def keeping_what_was_typed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A post from a signed-out page, or one signed in again since, loses nothing: what it holds
    is shown with the way on. Nothing is done with it until a post passes both checks.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: SignedIn, pk: UUID) -> HttpResponse:
        if request.method == "POST":
            refusal = _CHECK.process_view(request, view, (), {})
            if not request.user.is_authenticated:
                return _kept_page(request, 401)
            if refusal is not None:
                return _kept_page(request, 403)
        return signed_in(view)(request, pk)

    return guarded


_CHECK = CsrfViewMiddleware(lambda request: HttpResponse())


def _kept_page(request: HttpRequest, status: int) -> HttpResponse:
    held = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    shown = {"held": held, "signed_out": status == 401}
    return render(request, "engagements/meeting_kept.html", shown, status=status)


@keeping_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
def log_form(request: SignedIn, pk: UUID) -> HttpResponse:
    if request.method == "POST":
        return _save(request, pk)
    draft = drafts_of(request.viewer).filter(pk=pk).first()
    if draft is None:
        return redirect("meeting", interaction_for(request.viewer, pk).pk)
    desk = _desk(request, pk)
    answers = draft.body.get("answers", {})
    return _show(request, desk, _form(request, desk, answers, judged=False))


def _show(request: SignedIn, desk: Desk, form: MeetingForm, status: int = 200) -> HttpResponse:
    shown: Shown = {
        "form": form,
        "desk": desk,
        "engagement": desk.engagement,
        "likely_topics": form.likely_topics(),
        "further_topics": form.further_topics(),
        "readers": readers_sentence(desk.engagement.context_id, _level(form, desk)),
        "not_mine": desk.stored is not None and desk.stored.created_by_id != request.user.pk,
    }
    return render(request, "engagements/meeting_form.html", shown, status=status)


def _level(form: MeetingForm, desk: Desk) -> int:
    given = form.data.get("level", "")
    known = {str(level): level for level in form.room.levels}
    return known.get(given, desk.engagement.armed_group.default_level)


def _save(request: SignedIn, pk: UUID) -> HttpResponse:
    desk, answers = _desk(request, pk), answers_in(request.POST)
    if "then" in request.POST:  # the form as these answers make it, nothing saved
        desk = _keep(request, desk, answers)
        return _show(request, desk, _form(request, desk, answers, judged=False))
    form = _form(request, desk, answers)
    if form.is_valid():
        try:
            return _correct(request, desk, form) if desk.stored else _log(request, desk, form)
        except ValidationError as refusal:
            form.add_refusal(refusal)
    return _show(request, _keep(request, desk, form.answers), form, status=422)


def _keep(request: SignedIn, desk: Desk, answers: Answers) -> Desk:
    """The desk with these answers as its draft, whatever became of the draft before."""
    opened = service.Page(name="", count=0, based_on=0)
    if desk.draft is not None:
        kept = service.keep_draft(request.viewer, desk.pk, answers, opened, insist=True)
    elif desk.stored is not None:
        kept = service.draft_correction(
            request.viewer, desk.stored, answers, base=desk.base, over=True
        )
    else:
        kept = service.start_draft(request.viewer, desk.engagement, answers, pk=desk.record)
    return Desk(kept.pk, kept.record, kept.base_version, kept, desk.engagement, desk.stored)


def _log(request: SignedIn, desk: Desk, form: MeetingForm) -> HttpResponse:
    assert form.content is not None
    try:
        meeting, created = service.log_meeting(
            request.viewer,
            desk.record,
            form.content,
            answers_in(request.POST),
            claims=form.claims(),
            settled=form.settled(),
            compared=form.cleaned_data["compared"],
        )
    except AlreadyThere:
        return _go_on_as_correction(request, desk, form.answers)
    if not created:
        messages.info(request, SAVED_ALREADY)
    return redirect("meeting_saved", meeting.pk)


def _go_on_as_correction(request: SignedIn, desk: Desk, answers: Answers) -> HttpResponse:
    """The meeting is there, and this page says something else by now: nothing of it is lost."""
    meeting = _stored(request, desk.record)
    draft = service.draft_correction(request.viewer, meeting, answers, base=1, over=True)
    messages.info(request, NOW_A_CORRECTION)
    return redirect("log_form", draft.pk)


# --- Correct --------------------------------------------------------------------------------------


@signed_in
@require_POST
def correct(request: SignedIn, pk: UUID) -> HttpResponse:
    """Open the form on what the meeting says now."""
    meeting = interaction_for(request.viewer, pk, verb="u")
    answers = answers_to_correct(content_as_seen(request.viewer, meeting))
    draft = service.draft_correction(request.viewer, meeting, answers, base=meeting.version)
    return redirect("log_form", draft.pk)


def _correct(request: SignedIn, desk: Desk, form: MeetingForm) -> HttpResponse:
    assert form.content is not None
    reason = form.cleaned_data["reason"]
    try:
        meeting = correct_meeting(
            request.viewer, desk.record, form.content, version=desk.base, reason=reason
        )
    except Conflict:
        return _both(request, desk, form)
    return redirect("meeting_saved", meeting.pk)


def _both(request: SignedIn, desk: Desk, form: MeetingForm) -> HttpResponse:
    """Somebody was faster: join what goes together, ask about what does not."""
    desk = _keep(request, desk, form.answers)
    meeting = _stored(request, desk.record)
    merge = _merge(request.viewer, meeting, desk.base, form.answers)
    if merge.disputed():
        return redirect("log_conflict", desk.pk)
    by_them = [heading_of(form, piece).lower() for piece in merge.changed_by_them()]
    messages.info(request, BOTH_KEPT.format(", ".join(by_them) or "none that you can see here"))
    return _save_merged(request, desk, meeting, merge.merged({}))


def _merge(viewer: Viewer, meeting: Interaction, base: int, mine: Answers) -> Merge:
    said = said_as_seen(viewer, meeting, service.version_said(meeting, base))
    theirs = answers_of(content_as_seen(viewer, meeting))
    return Merge(answers_of_json(said), mine, theirs, SHAPE)


def _save_merged(
    request: SignedIn, desk: Desk, meeting: Interaction, answers: Answers
) -> HttpResponse:
    """Save the joined answers on top of the version they were joined with."""
    reason = first(desk.draft.body["answers"], "reason") if desk.draft else ""
    answers = marked(answers) | ({"reason": [reason]} if reason else {})
    draft = service.draft_correction(
        request.viewer, meeting, answers, base=meeting.version, over=True
    )
    desk = Desk(draft.pk, meeting.pk, meeting.version, draft, desk.engagement, meeting)
    form = _form(request, desk, answers)
    if form.is_valid():
        try:
            return _correct(request, desk, form)
        except ValidationError as refusal:
            form.add_refusal(refusal)
    return _show(request, desk, form, status=422)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: SignedIn, pk: UUID) -> HttpResponse:
    """Mine and theirs, field by field."""
    draft = get_object_or_404(drafts_of(request.viewer).exclude(base_version=0), pk=pk)
    desk = _desk(request, pk)
    meeting = _stored(request, draft.record)
    mine = draft.body.get("answers", {})
    merge = _merge(request.viewer, meeting, draft.base_version, mine)
    seen = _version(request.POST.get("seen", ""))
    if request.method == "POST" and seen == meeting.version:
        choices = {piece: request.POST.get(f"choice-{piece}", "") for piece in merge.disputed()}
        if all(choice in ("mine", "theirs", "both") for choice in choices.values()):
            return _save_merged(request, desk, meeting, merge.merged(choices))
    shown = _conflict_shown(request, desk, meeting, merge)
    return render(request, "engagements/meeting_conflict.html", shown, status=409)


def _conflict_shown(request: SignedIn, desk: Desk, meeting: Interaction, merge: Merge) -> Shown:
    mine = _form(request, desk, merge.mine, judged=False)
    theirs = _form(request, desk, merge.theirs, judged=False)
    pieces = in_order(dict.fromkeys(merge.disputed()))
    values: dict[str, Any] = {**merge.mine, **merge.theirs}
    return {
        "desk": desk,
        "meeting": meeting,
        "asked_again": request.method == "POST",
        "disputed": [
            {
                "piece": piece,
                "heading": heading_of(mine, piece),
                "mine": told(mine, piece),
                "theirs": told(theirs, piece),
                "both": SHAPE.joinable(piece, {piece: values.get(piece, [])}),
            }
            for piece in pieces
        ],
        "by_them": [
            (heading_of(theirs, piece), told(theirs, piece)) for piece in merge.changed_by_them()
        ],
    }


# --- Fragments ------------------------------------------------------------------------------------


@signed_in
@require_POST
def readings(request: SignedIn, pk: UUID) -> HttpResponse:
    """The list of readings that the present answers propose."""
    desk = _desk(request, pk)
    form = _form(request, desk, answers_in(request.POST), judged=False)
    return render(request, "engagements/meeting_readings.html", {"form": form, "desk": desk})


@signed_in
@require_safe
def readers(request: SignedIn, pk: UUID) -> HttpResponse:
    """Who could read this at the level that is chosen now."""
    desk = _desk(request, pk)
    room = form_room(request.viewer, desk.engagement, today=timezone.localdate())
    given = request.GET.get("level", "")
    level = next((one for one in room.levels if str(one) == given), None)
    if level is None:
        raise Http404
    sentence = readers_sentence(desk.engagement.context_id, level)
    return render(request, "engagements/meeting_readers.html", {"readers": sentence})


@signed_in
@require_safe
def anchors(request: SignedIn) -> HttpResponse:
    """The five pictures of a criterion, for a row of what was seen."""
    sent = next((name for name in request.GET if name.endswith("-criterion")), "")
    prefix = sent.removesuffix("-criterion")
    if not prefix.startswith("evidence-") or not prefix[9:].isdigit():
        raise Http404
    row = EvidenceRow(data=request.GET, prefix=prefix).unjudged()
    return render(request, "engagements/meeting_anchors.html", {"row": row})
