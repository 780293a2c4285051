"""The filters of everything besides meetings that hangs on an engagement, for pages and API.

A filter never sees more than its viewer: ids of hidden records match nothing, and for a reader of
pseudonymised records (role p) days are compared as they are shown, as months.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.access import Viewer
from actors.models import NgoType
from actors.models.reference import CODES as ACTOR_CODES
from engagements.access import (
    claims_visible_to,
    commitments_visible_to,
    dossiers_visible_to,
    engagements_visible_to,
    interactions_visible_to,
)
from engagements.details import CODES
from engagements.filters.coarse import CoarseDays
from engagements.filters.interactions import INTERACTION_FILTERS
from engagements.models import Clause, Commitment, FollowUp, Incident, PracticalItem
from engagements.selectors.facts import incidents_beside
from records.codes import load
from records.models.records import CURRENT, WITHDRAWN
from records.rest.filters import By, Days, Filter, Has, Ids, OneOf, Unreadable, Whole, YesNo

CARD_CODES = load("scorecards")
ASSESSMENT_STATES = CARD_CODES["assessment_states"]
NGO_TYPES = ACTOR_CODES["ngo_types"].values()
NORMS = CODES["norms"].values()


# --- Joins ----------------------------------------------------------------------------------------


def _uuids(words: Iterable[str]) -> list[UUID]:
    try:
        return [UUID(word) for word in words]
    except ValueError:
        raise Unreadable("An id looks like 3f2a90c4-0d6b-4f0e-9a51-7f3f0a3c1b2d.") from None


def _checked(words: list[str], known: Sequence[Any]) -> list[str]:
    if unknown := [word for word in words if word not in known]:
        raise Unreadable(f"“{unknown[0][:40]}” is not on the list. {_any_of(known)}")
    return words


def _any_of(codes: Iterable[Any]) -> str:
    return f"Any of: {', '.join(map(str, codes))}."


def _by_code(codes: Sequence[Any], condition: Callable[[list[str], Viewer], Q]) -> By:
    return By(lambda words, viewer: condition(_checked(words, codes), viewer), hint=_any_of(codes))


def _by_id(condition: Callable[[list[UUID], Viewer], Q]) -> By:
    return By(lambda words, viewer: condition(_uuids(words), viewer), hint="Any of these ids.")


def _child(rows: QuerySet[Any], parent: str) -> Q:
    """Records with such a child row."""
    return Q(Exists(rows.filter(**{parent: OuterRef("pk")})))


def _ngos_of(types: list[str]) -> QuerySet[NgoType, Any]:
    return NgoType.objects.filter(type__in=types).values("ngo")


def engagement_filters(*paths: str) -> dict[str, Filter]:
    """context, ngo, ngo_type, armed_group and engagement of records that stand in an engagement,
    by one of these paths to it. A record's level is never below that of its engagement.
    """

    def on(column: str, values: Any) -> Q:
        return reduce(or_, (Q(**{f"{path}{column}__in": values}) for path in paths))

    return {
        "context": Ids("context"),
        "ngo": _by_id(lambda ids, viewer: on("__ngo", ids)),
        "ngo_type": _by_code(NGO_TYPES, lambda types, viewer: on("__ngo", _ngos_of(types))),
        "armed_group": _by_id(lambda ids, viewer: on("__armed_group", ids)),
        "engagement": _by_id(lambda ids, viewer: on("", ids)),
    }


OWN: dict[str, Filter] = {"level": Whole("level"), "state": OneOf("state", (CURRENT, WITHDRAWN))}


def _state(column: str, codes: Sequence[Any]) -> By:
    """`state` of a record that goes through states of its own; withdrawn stands above them."""

    def condition(words: list[str], viewer: Viewer) -> Q:
        withdrawn = Q(state=WITHDRAWN) if WITHDRAWN in words else Q(pk__in=[])
        return withdrawn | Q(state=CURRENT, **{f"{column}__in": words})

    return _by_code([*codes, WITHDRAWN], condition)


def _through_meetings(*paths: str) -> dict[str, Filter]:
    """dossier and norm of records that come from a meeting, by one of these paths to it."""

    def as_for_meetings(name: str) -> By:
        rule = INTERACTION_FILTERS[name]

        def condition(words: list[str], viewer: Viewer) -> Q:
            asked = rule.any_of(",".join(words), viewer)
            meetings = interactions_visible_to(viewer).filter(asked).values("pk")
            return reduce(or_, (Q(**{f"{path}__in": meetings}) for path in paths))

        return By(condition, hint=rule.hint)

    return {"dossier": as_for_meetings("dossier"), "norm": as_for_meetings("norm")}


# --- One set per noun -----------------------------------------------------------------------------


ENGAGEMENT_FILTERS: dict[str, Filter] = {
    "context": Ids("context"),
    "ngo": Ids("ngo"),
    "ngo_type": _by_code(NGO_TYPES, lambda types, viewer: Q(ngo__in=_ngos_of(types))),
    "armed_group": Ids("armed_group"),
    "status": OneOf("status", CODES["engagement_statuses"].values()),
    "started_on": Days("started_on_first", may_be_empty=True),
    "lead": Ids("lead", may_be_empty=True),
    **OWN,
}

DOSSIER_FILTERS: dict[str, Filter] = {
    **engagement_filters("engagement"),
    "norm": OneOf("norm", NORMS),
    "opened_on": Days("opened_on"),
    "closed_on": Days("closed_on", may_be_empty=True),
    **OWN,
}

PLAN_FILTERS: dict[str, Filter] = {
    **engagement_filters("engagement"),
    # The day is sealed: what can be asked is the month.
    "planned_on": Days("planned_month", hint="Months, or a range such as 2026-12..2027-02."),
    "objection": Has("objections", CODES["objections"].values()),
    "compared": OneOf("compared", CODES["plan_compared"].values(), may_be_empty=True),
    "level": Whole("level"),
    "state": _state("progress", CODES["plan_states"].values()),
}

_STEP_STATES = CODES["follow_up_states"].values()


# A step above its meeting's level counts as none: nobody learns of it here.
_STEPS = FollowUp.objects.filter(is_next_step=True, level__lte=OuterRef("level"))

# Beside what pages ask of meetings.
MEETING_FILTERS: dict[str, Filter] = {
    **INTERACTION_FILTERS,
    "next_step": By(
        lambda words, viewer: INTERACTION_FILTERS["next_step"].any_of(",".join(words), viewer),
        nothing=~_child(_STEPS, "interaction"),
        hint=INTERACTION_FILTERS["next_step"].hint,
    ),
    "date_precision": OneOf("held_on_precision", ("day", "month", "season", "year")),
    "admin1": By(
        lambda words, viewer: Q(place_admin1__in=words),
        nothing=Q(place_admin1=""),
        hint="First-level areas, as they are written in the register.",
    ),
    "practical_item": _by_code(
        CODES["practical_item_states"].values(),
        lambda codes, viewer: _child(
            PracticalItem.objects.filter(progress__in=codes), "interaction"
        ),
    ),
}

CLAIM_FILTERS: dict[str, Filter] = {
    **engagement_filters("interaction__engagement"),
    **_through_meetings("interaction"),
    "interaction": Ids("interaction"),
    "kind": OneOf("claim", CODES["claim_kinds"].values()),
    "side": OneOf("side", CODES["sides"].values()),
    "basis": OneOf("basis", CODES["knowledge_bases"].values(), may_be_empty=True),
    "due_on": Days("due_on", may_be_empty=True),
    "settled_by": Ids("settled_by", may_be_empty=True),
    "level": Whole("level"),
    "state": _state("settlement", CODES["claim_states"].values()),
}

FOLLOW_UP_FILTERS: dict[str, Filter] = {
    **engagement_filters("interaction__engagement", "claim__interaction__engagement"),
    **_through_meetings("interaction", "claim__interaction"),
    "interaction": Ids("interaction", may_be_empty=True),
    "claim": _by_id(lambda ids, viewer: Q(claim__in=claims_visible_to(viewer).filter(pk__in=ids))),
    "side": OneOf("side", CODES["sides"].values()),
    "owner": Ids("owner", may_be_empty=True),
    "due_on": CoarseDays("due_on", True, kind="follow_up"),
    "done_on": CoarseDays("done_on", True, kind="follow_up"),
    "level": Whole("level"),
    "state": _state("progress", _STEP_STATES),
}


def _binding(**conditions: Any) -> Q:
    """Commitments on such a dossier."""
    joined = Commitment.dossiers.through._default_manager.filter(
        **{f"dossier__{name}": value for name, value in conditions.items()}
    )
    return Q(Exists(joined.filter(commitment=OuterRef("pk"))))


COMMITMENT_FILTERS: dict[str, Filter] = {
    "context": Ids("context"),
    "ngo": _by_id(lambda ids, viewer: _binding(engagement__ngo__in=ids)),
    "ngo_type": _by_code(
        NGO_TYPES, lambda types, viewer: _binding(engagement__ngo__in=_ngos_of(types))
    ),
    "armed_group": _by_id(lambda ids, viewer: _binding(engagement__armed_group__in=ids)),
    "engagement": _by_id(lambda ids, viewer: _binding(engagement__in=ids)),
    "dossier": _by_id(
        lambda ids, viewer: _binding(pk__in=dossiers_visible_to(viewer).filter(pk__in=ids))
    ),
    "norm": Has("norms", NORMS),
    "instrument": OneOf("instrument", CODES["instruments"].values()),
    "status": OneOf("status", CODES["commitment_statuses"].values()),
    "verification": OneOf("verification", CODES["verification"].values()),
    "legal_effect": OneOf("legal_effect", CODES["legal_effects"].values(), may_be_empty=True),
    "signed_on": CoarseDays("signed_on_first", True, kind="commitment"),
    "in_force_from": CoarseDays("in_force_from_first", True, kind="commitment"),
    "ended_on": CoarseDays("ended_on_first", True, kind="commitment"),
    "review_on": CoarseDays("review_on", True, kind="commitment"),
    "obligation": _by_code(
        CODES["clause_obligations"].values(),
        lambda codes, viewer: _child(Clause.objects.filter(obligation__in=codes), "commitment"),
    ),
    **OWN,
}


def _of_engagements(viewer: Viewer, **conditions: Any) -> Q:
    """Incidents of the armed group of such an engagement, in its context."""
    engagements = engagements_visible_to(viewer).filter(
        armed_group=OuterRef("armed_group"), context=OuterRef("context"), **conditions
    )
    return Q(Exists(engagements))


def _beside(ids: list[UUID], viewer: Viewer) -> Q:
    found = dossiers_visible_to(viewer).filter(pk__in=ids).select_related("engagement")
    shown = (Q(pk__in=incidents_beside(dossier).values("pk")) for dossier in found)
    return reduce(or_, shown, Q(pk__in=[]))


def _in_panel(norms: list[str], viewer: Viewer) -> Q:
    if "GEN" in norms:
        return Q()
    rows = CODES["violation_categories"]
    categories = [row.code for row in rows if set(norms) & set(row.extra["norms"])]
    shown = Q(category__in=categories)
    return shown | Q(child_victim=True) if "N11" in norms else shown


def _linked(ids: list[UUID], viewer: Viewer) -> Q:
    known = commitments_visible_to(viewer).filter(pk__in=ids)
    joined = Incident.commitments.through._default_manager.filter(commitment__in=known)
    return Q(Exists(joined.filter(incident=OuterRef("pk"))))


INCIDENT_FILTERS: dict[str, Filter] = {
    "context": Ids("context"),
    "armed_group": Ids("armed_group"),
    "ngo": _by_id(lambda ids, viewer: _of_engagements(viewer, ngo__in=ids)),
    "ngo_type": _by_code(
        NGO_TYPES, lambda types, viewer: _of_engagements(viewer, ngo__in=_ngos_of(types))
    ),
    "engagement": _by_id(lambda ids, viewer: _of_engagements(viewer, pk__in=ids)),
    "dossier": _by_id(_beside),
    "norm": _by_code(NORMS, _in_panel),
    "category": OneOf("category", CODES["violation_categories"].values()),
    "occurred_on": CoarseDays("occurred_on_first", kind="incident"),
    "country": MEETING_FILTERS["country"],
    "admin1": MEETING_FILTERS["admin1"],
    "attribution": OneOf("attribution", CODES["attributions"].values()),
    "standard": OneOf("standard", CODES["incident_standards"].values()),
    "response": OneOf("response", CODES["group_responses"].values()),
    "child_victim": YesNo("child_victim"),
    "victims": Whole("victims", may_be_empty=True),
    "grade": MEETING_FILTERS["grade"],
    "commitment": _by_id(_linked),
    **OWN,
}

OBSERVATION_FILTERS: dict[str, Filter] = {
    "context": Ids("context"),
    "armed_group": Ids("armed_group"),
    "quarter": Days("quarter", hint="A quarter by its first month, or a range."),
    "location_months": Whole("location_months"),
    **OWN,
}

ASSESSMENT_FILTERS: dict[str, Filter] = {
    **engagement_filters("dossier__engagement"),
    "dossier": Ids("dossier"),
    "norm": OneOf("dossier__norm", NORMS),
    "as_of": CoarseDays("as_of", kind="assessment"),
    "author": Ids("author", may_be_empty=True),
    "reviewer": Ids("reviewer", may_be_empty=True),
    "level": Whole("level"),
    "state": _state("stage", ASSESSMENT_STATES.values()),
}

BLOCKER_FILTERS: dict[str, Filter] = {
    **engagement_filters("dossier__engagement"),
    "dossier": Ids("dossier"),
    "norm": OneOf("dossier__norm", NORMS),
    "reason": OneOf("reason", CODES["blocker_reasons"].values()),
    "raised_on": CoarseDays("raised_on", True, kind="blocker"),
    "lifted_on": CoarseDays("lifted_on", True, kind="blocker"),
    **OWN,
}

REVIEW_TASK_FILTERS: dict[str, Filter] = {
    **engagement_filters("dossier__engagement"),
    "dossier": Ids("dossier"),
    "norm": OneOf("dossier__norm", NORMS),
    "reason": OneOf("reason", CARD_CODES["review_reasons"].values()),
    "opened_on": Days("opened_on"),
    "closed_on": Days("closed_on", may_be_empty=True),
    "level": Whole("level"),
    "state": _state("progress", CARD_CODES["review_progress"].values()),
}

# Of the scores of dossiers: one row each.
SCORE_FILTERS: dict[str, Filter] = {
    **engagement_filters("engagement"),
    "dossier": Ids("pk"),
    "norm": OneOf("norm", NORMS),
}
