"""Assess a dossier: one dimension a screen; a second person lets it count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import may, may_in, reads_in_full
from engagements.access import assessments_visible_to, dossier_for
from engagements.forms.assessments import BeginForm, GateScreen, RatingScreen, ReturnForm
from engagements.models import Dossier
from engagements.selectors.assessment_page import (
    CODES,
    GATES,
    SCREENS,
    Section,
    assessments_of,
    candidates,
    changes_words,
    criteria_of,
    gate_candidates,
    gate_lines,
    linked_words,
    own_open,
    previous_lines,
    progress_words,
    sections_of,
)
from engagements.selectors.places import as_shown
from engagements.selectors.reconcile_page import open_reconciling
from engagements.services.assessment_links import assessment_content, evidence_of
from engagements.services.assessments import (
    change_assessment,
    finalise_assessment,
    record_assessment,
    return_assessment,
    submit_assessment,
)
from engagements.views.doors import SignedIn, page, seen_by
from records.versions import Conflict
from scorecards.models import Assessment
from scorecards.services.assessments import (
    DRAFT,
    FINAL,
    OPEN,
    RETURNED,
    SUBMITTED,
    AssessmentContent,
)

DIMENSIONS = list(CODES["dimensions"])
# Until it is final, fewer read it than its level lets in.
READERS = {
    DRAFT: "Its author alone can read this.",
    RETURNED: "Its author alone can read this.",
    SUBMITTED: "Its author, those who review it and a second rater can read this.",
}
CHANGED = "This assessment was changed on another page. Look at it again, then save once more."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: SignedIn, pk: UUID) -> HttpResponse:
    """The assessments of a dossier; a POST goes on with one's own open one, or begins one."""
    found = dossier_for(request.viewer, pk)
    mine = own_open(request.viewer, found)
    form = BeginForm(
        request.POST if request.method == "POST" else None, initial={"as_of": timezone.localdate()}
    )
    if request.method == "POST" and (mine or form.is_valid()):
        mine = mine or _begun(request, found, form)
        if mine is not None:
            return redirect("assessment_rate", mine.pk, next(iter(SCREENS)))
    shown = {
        "form": form,
        "dossier": found,
        "assessments": assessments_of(request.viewer, found),
        "mine": mine,
        "to_agree": open_reconciling(request.viewer, found),
        "may_review": may_in(request.viewer, "a", "assessment", found.context_id),
        "may_assess": may_in(
            request.viewer, "c", "assessment", found.context_id, level=found.level
        ),
        "crumbs": _trail(found),
    }
    status = 422 if form.errors else 200
    return render(request, "scorecards/assessment_list.html", shown, status=status)


def _begun(request: SignedIn, found: Dossier, form: BeginForm) -> Assessment | None:
    """A new draft; None where the form now says what is wrong."""
    content = AssessmentContent(as_of=form.cleaned_data["as_of"] or timezone.localdate())
    try:
        return record_assessment(request.viewer, found, content)
    except ValidationError as wrong:
        form.add_error("as_of", wrong.messages)
        return None


@page
def assessment(request: SignedIn, pk: UUID) -> HttpResponse:
    return _overview(request, _assessment(request, pk), ReturnForm(dimensions=DIMENSIONS))


def _overview(request: SignedIn, found: Assessment, form: ReturnForm) -> HttpResponse:
    sections = sections_of(request.viewer, found)
    mine = found.author_id == request.user.pk
    shown = {
        "assessment": found,
        "sections": sections,
        "gates": gate_lines(request.viewer, found),
        "progress": progress_words(sections),
        "changes": changes_words(sections),
        "form": form,
        "return_note": found.return_note if reads_in_full(request.viewer, found) else "",
        "may_rate": mine and found.stage in OPEN and may(request.viewer, "u", found),
        "may_review": not mine and found.stage == SUBMITTED and may(request.viewer, "a", found),
        "first_screen": next(iter(SCREENS)),
        **seen_by(request.viewer, found),
        **({} if found.stage == FINAL else {"readers": READERS[found.stage]}),
        "crumbs": [*_trail(found.dossier), (f"Assessment of {found.as_of}", None)],
    }
    status = 422 if form.errors else 200
    return render(request, "scorecards/assessment.html", shown, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: SignedIn, pk: UUID, screen: str) -> HttpResponse:
    """One screen: what it says replaces this part of the assessment and leaves the others."""
    found = _assessment(request, pk)
    if screen not in SCREENS:
        raise Http404
    if found.author_id != request.user.pk or found.stage not in OPEN:
        return redirect("assessment", pk)
    stored = assessment_content(request.viewer, found)
    form = _form(request, found, screen, stored)
    sent = request.method == "POST" and form.is_valid()
    if sent and _saved(request, found, screen, stored, form):
        return redirect(_next(request, pk, screen))
    return render(
        request,
        "scorecards/assessment_rate.html",
        _screen(request, found, screen, form),
        status=422 if form.errors else 200,
    )


def _form(
    request: SignedIn, found: Assessment, screen: str, stored: AssessmentContent
) -> RatingScreen | GateScreen:
    sent = request.POST if request.method == "POST" else None
    if screen == GATES:
        return GateScreen(
            sent,
            gates=list(CODES["gates"]),
            said={one.gate: one for one in stored.gates},
            choices=gate_candidates(request.viewer, found.dossier),
            linked=linked_words(request.viewer, found.dossier, stored.gates),
        )
    criteria = criteria_of(screen)
    codes = [str(entry.code) for entry in criteria]
    said = {one.criterion: one for one in stored.ratings if one.criterion in codes}
    return RatingScreen(
        sent,
        criteria=criteria,
        choices=candidates(request.viewer, found.dossier, codes),
        said=said,
        linked=linked_words(request.viewer, found.dossier, said.values()),
    )


def _saved(
    request: SignedIn, found: Assessment, screen: str, stored: AssessmentContent, form: Any
) -> bool:
    try:
        content = _content(request, found, screen, stored, form)
        version = int(request.POST.get("version", "0") or 0)
        change_assessment(request.viewer, found.pk, content, version=version)
    except ValidationError as wrong:
        for sentence in wrong.messages:
            form.add_error(None, sentence)
        return False
    except (Conflict, ValueError):
        form.add_error(None, CHANGED)
        return False
    return True


def _content(
    request: SignedIn, found: Assessment, screen: str, stored: AssessmentContent, form: Any
) -> AssessmentContent:
    known = evidence_of(request.viewer, found.dossier, form.wanted_evidence())
    if screen == GATES:
        return replace(stored, gates=tuple(form.answers(known)))
    here = {str(entry.code) for entry in criteria_of(screen)}
    others = [one for one in stored.ratings if one.criterion not in here]
    return replace(stored, ratings=(*others, *form.ratings(known)))


def _next(request: SignedIn, pk: UUID, screen: str) -> str:
    screens = list(SCREENS)
    following = screens.index(screen) + 1
    if "stay" in request.POST or following == len(screens):
        return reverse("assessment", args=[pk])
    return reverse("assessment_rate", args=[pk, screens[following]])


def _screen(request: SignedIn, found: Assessment, screen: str, form: Any) -> dict[str, Any]:
    sections = sections_of(request.viewer, found)
    here = next((part for part in sections if part.code == screen), None)
    return {
        "assessment": found,
        "form": form,
        "cards": form.cards(previous_lines(request.viewer, found, here)) if here else form.cards(),
        "screen": screen,
        "screens": [(code, name, _share(sections, code)) for code, name in SCREENS.items()],
        "progress": progress_words(sections),
        "changes": changes_words(sections),
        "returned": here.returned if here and found.stage == RETURNED else "",
        "crumbs": [
            *_trail(found.dossier),
            (f"Assessment of {found.as_of}", reverse("assessment", args=[found.pk])),
            (SCREENS[screen], None),
        ],
    }


def _share(sections: Iterable[Section], screen: str) -> str:
    return next((f"{one.answered} of {one.asked}" for one in sections if one.code == screen), "")


@login_required
@require_POST
def submit(request: SignedIn, pk: UUID) -> HttpResponse:
    return _stepped(request, pk, lambda: submit_assessment(request.viewer, pk))


@login_required
@require_POST
def give_back(request: SignedIn, pk: UUID) -> HttpResponse:
    """Back to the author with what is missing; a form that says nothing comes back as it was."""
    found = _assessment(request, pk)
    form = ReturnForm(request.POST, dimensions=DIMENSIONS)
    if not form.is_valid():
        return _overview(request, found, form)
    try:
        note = form.cleaned_data["note"]
        return_assessment(request.viewer, pk, note=note, notes=form.notes())
    except ValidationError as wrong:
        form.add_error("note", wrong.messages)
        return _overview(request, found, form)
    except PermissionDenied as refused:
        return _refused(request, pk, refused)
    messages.success(request, "Returned to its author.")
    return redirect("assess", found.dossier_id)


@login_required
@require_POST
def finalise(request: SignedIn, pk: UUID) -> HttpResponse:
    return _stepped(request, pk, lambda: finalise_assessment(request.viewer, pk))


def _stepped(request: SignedIn, pk: UUID, step: Callable[[], Any]) -> HttpResponse:
    """Take the step, or say on the assessment's page why it was not taken."""
    _assessment(request, pk)
    try:
        step()
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    except PermissionDenied as refused:
        return _refused(request, pk, refused)
    return redirect("assessment", pk)


def _refused(request: SignedIn, pk: UUID, refused: PermissionDenied) -> HttpResponse:
    if not str(refused):
        raise refused
    messages.error(request, str(refused))
    return redirect("assessment", pk)


def _assessment(request: SignedIn, pk: UUID) -> Assessment:
    rows = assessments_visible_to(request.viewer).select_related(
        "author",
        "reviewer",
        "context",
        "dossier__engagement__ngo",
        "dossier__engagement__armed_group",
        "dossier__context",
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return as_shown(request.viewer, [found], "as_of")[0]


def _trail(found: Dossier) -> list[tuple[str, str | None]]:
    group = found.engagement.armed_group
    return [
        ("Groups", reverse("groups")),
        (group.name, reverse("group", args=[group.pk])),
        (str(found.get_norm_display()), reverse("dossier", args=[found.pk])),
        ("Assessments", reverse("assess", args=[found.pk])),
    ]
