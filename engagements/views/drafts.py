"""Before the form: choose the group, see one's drafts, keep them, throw one away."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access import drafts_of, plans_visible_to
from engagements.forms.answers import answers_in, first
from engagements.forms.choices import as_uuid
from engagements.forms.defaults import first_answers
from engagements.models import Draft, Engagement, Plan
from engagements.selectors.last_meeting import groups_to_log, last_meeting, loggable
from engagements.services import drafts as service
from engagements.services.levels import level_for_new
from engagements.views.doors import Shown, SignedIn, page, signed_in

GONE = (
    "This draft was saved or discarded on another page. What you typed stays here; "
    "Save still works."
)


@page
def log(request: SignedIn) -> HttpResponse:
    """Pick the group: the recent first."""
    return render(request, "engagements/meeting_start.html", _choice(request))


@signed_in
@require_POST
def log_search(request: SignedIn) -> HttpResponse:
    words = request.POST.get("words", "")[:200]
    name = "meeting_groups" if request.headers.get("HX-Request") else "meeting_start"
    return render(request, f"engagements/{name}.html", _choice(request, words))


def _choice(request: SignedIn, words: str = "") -> Shown:
    return {
        "groups": groups_to_log(request.viewer, words),
        "words": words,
        "drafts": draft_lines(request),
        "plans": plans_visible_to(request.viewer)
        .filter(progress="planned", state="current")
        .select_related("engagement__armed_group", "engagement__ngo")[:20],
    }


def draft_lines(request: SignedIn) -> list[Shown]:
    """The person's drafts with what each is about; one whose group they no longer see has none."""
    rows = list(drafts_of(request.viewer).order_by("-saved_at"))
    named = (as_uuid(row.body.get("engagement", "")) for row in rows)
    wanted = {key for key in named if key is not None}
    found = {row.pk: row for row in loggable(request.viewer).filter(pk__in=wanted)}
    return [_draft_line(row, found) for row in rows]


def _draft_line(draft: Draft, engagements: dict[UUID, Engagement]) -> Shown:
    answers = draft.body.get("answers", {})
    key = as_uuid(draft.body.get("engagement", ""))
    return {
        "draft": draft,
        "engagement": engagements.get(key) if key else None,
        "held_on": first(answers, "held_on"),
        "summary": first(answers, "summary"),
    }


@signed_in
@require_POST
def log_start(request: SignedIn) -> HttpResponse:
    """Open a new draft with this group, with what stood last time filled in."""
    chosen = as_uuid(request.POST.get("engagement", ""))
    engagement = get_object_or_404(loggable(request.viewer), pk=chosen)
    plan = _plan(request, engagement)
    level = level_for_new(
        request.viewer, None, default=engagement.armed_group.default_level, within=engagement
    )
    answers = first_answers(
        today=timezone.localdate(),
        level=level,
        last=last_meeting(request.viewer, engagement),
        plan=plan,
        cancelled="cancelled" in request.POST,
    )
    draft = service.start_draft(request.viewer, engagement, answers)
    return redirect("log_form", draft.pk)


def _plan(request: SignedIn, engagement: Engagement) -> Plan | None:
    chosen = as_uuid(request.POST.get("plan", ""))
    rows = plans_visible_to(request.viewer, verb="u").filter(progress="planned")
    return rows.filter(pk=chosen, engagement=engagement).first() if chosen else None


@page
def drafts(request: SignedIn) -> HttpResponse:
    return render(request, "engagements/meeting_drafts.html", {"drafts": draft_lines(request)})


@require_POST
def keep(request: SignedIn, pk: UUID) -> HttpResponse:
    """Autosave. 401 signed out, 409 another page kept a newer text, 410 the draft is gone."""
    if not request.user.is_authenticated:
        return JsonResponse({"told": "Your sign-in has ended."}, status=401)
    opened = service.Page(
        name=request.POST.get("tab", "")[:40],
        count=_count(request.POST.get("count", "")),
        based_on=_count(request.POST.get("based_on", "")),
    )
    try:
        draft = service.keep_draft(
            request.viewer, pk, answers_in(request.POST), opened, insist="insist" in request.POST
        )
    except service.KeptElsewhere as elsewhere:
        return JsonResponse(_kept(elsewhere.draft), status=409)
    except Http404:
        return JsonResponse({"told": GONE}, status=410)
    return JsonResponse(_kept(draft))


def _kept(draft: Draft) -> Shown:
    return {"saved_at": draft.saved_at.isoformat(), "sequence": draft.sequence}


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_safe
def fresh_token(request: SignedIn) -> HttpResponse:
    """For a page whose sign-in was renewed in another tab: the token its form has to send now."""
    if not request.user.is_authenticated:
        return JsonResponse({"told": "Your sign-in has ended."}, status=401)
    return JsonResponse({"token": get_token(request)})


@page
def back_again(request: SignedIn) -> HttpResponse:
    """Where a renewed sign-in ends: nothing here but the way back to the note."""
    return render(request, "engagements/meeting_signed_in.html")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: SignedIn, pk: UUID) -> HttpResponse:
    if request.method == "POST":
        service.discard_draft(request.viewer, pk)
        return redirect("drafts")
    draft = get_object_or_404(drafts_of(request.viewer), pk=pk)
    line = next(one for one in draft_lines(request) if one["draft"].pk == draft.pk)
    return render(request, "engagements/meeting_discard.html", {"line": line})
