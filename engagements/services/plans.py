"""Plan a meeting, change the plan, call it off, and compare afterwards. No plan feeds a score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import Viewer, may_in
from engagements.details import CODES
from engagements.models import Engagement, Interaction, Plan
from engagements.services.changes import Noun, raise_faults
from engagements.services.levels import level_after_change, level_for_new
from records.versions import require_version

LONGEST = 4000
MOST_STAKEHOLDERS = 20
TEXTS = ("place", "objective", "offer", "bottom_line", "red_lines", "speaker")

Fault = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class PlanContent:
    """The card of a planned meeting, in the API's names. `level` None asks for the default.

    `state` is planned or cancelled; "held" comes with the meeting that is logged from it.
    """

    engagement: Engagement
    planned_on: date
    place: str = ""
    objective: str = ""
    offer: str = ""
    bottom_line: str = ""
    red_lines: str = ""
    objections: tuple[str, ...] = ()
    stakeholders: tuple[str, ...] = ()
    speaker: str = ""
    state: str = "planned"
    compared: str = ""
    level: int | None = None


def plan_content(plan: Plan) -> PlanContent:
    """What the stored plan says now."""
    texts: dict[str, str] = {name: getattr(plan, name) for name in TEXTS}
    return PlanContent(
        engagement=plan.engagement,
        planned_on=date.fromisoformat(plan.planned_on),
        objections=tuple(plan.objections),
        stakeholders=tuple(plan.stakeholders.get("sway", ())),
        state=plan.progress,
        compared=plan.compared,
        level=plan.level,
        **texts,
    )


def _said(plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    body = {
        "engagement": str(plan.engagement_id),
        "planned_month": plan.planned_month.isoformat()[:7],
        "objections": list(plan.objections),
        "progress": plan.progress,
        "compared": plan.compared,
    }
    words = {name: getattr(plan, name) for name in ("planned_on", *TEXTS)}
    return body, words | {"stakeholders": plan.stakeholders.get("sway", [])}


PLANS = Noun(Plan, said=_said, touches=lambda plan: ())


@transaction.atomic
def record_plan(
    viewer: Viewer, content: PlanContent, *, pk: UUID | None = None, digest: str = ""
) -> Plan:
    """Store a new plan. Raises ValidationError (by field), PermissionDenied."""
    engagement = content.engagement
    if not may_in(viewer, "c", "plan", engagement.context_id, level=engagement.level):
        raise PermissionDenied
    raise_faults([*_faults(content), *_still_to_come(content)])
    plan = Plan(
        pk=pk or uuid4(),
        engagement=engagement,
        context=engagement.context,
        level=level_for_new(
            viewer, content.level, default=engagement.armed_group.default_level, within=engagement
        ),
        first_digest=digest,
        created_by=viewer.user,
    )
    _write(plan, content)
    plan.save(force_insert=True)
    return plan


@transaction.atomic
def change_plan(
    viewer: Viewer, pk: UUID, content: PlanContent, *, version: int | None, reason: str = ""
) -> Plan:
    """Store a new version of a plan; the old one is kept. Raises Http404, Conflict,
    ValidationError, PermissionDenied.
    """
    plan = PLANS.locked(viewer, pk, "u")
    require_version(plan, version)
    raise_faults([*_faults(content), *_change_faults(plan, content)])
    level = level_after_change(viewer, plan, content.level, within=plan.engagement, reason=reason)
    PLANS.keep(viewer, plan, reason)
    _write(plan, content)
    plan.level = level
    plan.save()
    return plan


@transaction.atomic
def cancel_plan(viewer: Viewer, pk: UUID, *, version: int | None = None) -> Plan:
    """Call a planned meeting off, without logging anything."""
    plan = PLANS.locked(viewer, pk, "u")
    return change_plan(viewer, pk, replace(plan_content(plan), state="cancelled"), version=version)


@transaction.atomic
def compare_plan(viewer: Viewer, pk: UUID, compared: str, *, version: int | None = None) -> Plan:
    """Say in one tap how the meeting came out against its plan: below, as or above."""
    plan = PLANS.locked(viewer, pk, "u")
    return change_plan(viewer, pk, replace(plan_content(plan), compared=compared), version=version)


def require_free(plan: Plan | None, meeting: UUID) -> None:
    """A plan is held once: ValidationError if another meeting was logged from it."""
    if plan and Interaction.objects.filter(plan=plan).exclude(pk=meeting).exists():
        raise ValidationError({"plan": "Its meeting is logged already. Leave the plan out."})


def _write(plan: Plan, content: PlanContent) -> None:
    plan.planned_month = content.planned_on.replace(day=1)
    plan.planned_on = content.planned_on.isoformat()
    for name in TEXTS:
        setattr(plan, name, getattr(content, name))
    plan.objections = list(content.objections)
    plan.stakeholders = {"sway": list(content.stakeholders)} if content.stakeholders else {}
    plan.progress = content.state
    plan.compared = content.compared


def _faults(content: PlanContent) -> Iterator[Fault]:
    for name in TEXTS:
        if len(getattr(content, name)) > LONGEST:
            yield name, f"Keep this under {LONGEST} characters."
    if len(content.stakeholders) > MOST_STAKEHOLDERS:
        yield "stakeholders", f"Name at most {MOST_STAKEHOLDERS}."
    if any(len(name) > LONGEST for name in content.stakeholders):
        yield "stakeholders", f"Keep each under {LONGEST} characters."
    if any(code not in CODES["objections"] for code in content.objections):
        yield "objections", "Choose from the list of objections."
    if content.state not in CODES["plan_states"]:
        yield "state", "Choose planned or cancelled; logging the meeting makes it held."
    if content.compared and content.compared not in CODES["plan_compared"]:
        yield "compared", "Choose below, as or above."
    if content.compared and content.state == "planned":
        yield "compared", "Compare with the plan once the meeting was held or called off."


def _still_to_come(content: PlanContent) -> Iterator[Fault]:
    if content.planned_on < timezone.localdate():
        yield "planned_on", "This day has passed. Log it as a meeting, or choose a day to come."
    if content.state == "held":
        yield "state", "A plan is held when its meeting is logged."


def _change_faults(plan: Plan, content: PlanContent) -> Iterator[Fault]:
    if content.engagement.pk != plan.engagement_id:
        yield "engagement", "A plan stays with its armed group."
    if content.planned_on.isoformat() != plan.planned_on:
        yield from ((field, told) for field, told in _still_to_come(content) if field != "state")
    if content.state != plan.progress:
        if Interaction.objects.filter(plan=plan, state="current").exists():
            yield "state", "The meeting is logged: correct it there, and the plan follows."
        elif content.state == "held":
            yield "state", "A plan is held when its meeting is logged."
