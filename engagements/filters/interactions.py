"""The filters of meetings, for pages and API alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from actors.access import counterparts_visible_to
from actors.models import NgoType
from actors.models.reference import CODES as ACTOR_CODES
from engagements.access import dossiers_visible_to, follow_ups_visible_to, plans_visible_to
from engagements.details import CODES
from engagements.filters.coarse import CoarseDays
from engagements.models import EvidenceNote, InteractionTopic, Participant, Plan, Reading
from engagements.selectors.facts import interactions_feeding
from records.codes import load
from records.fields import has_code
from records.models.records import CURRENT, WITHDRAWN
from records.rest.filters import By, Filter, Ids, OneOf, Unreadable, Whole, YesNo

NORMS = tuple(str(code) for code in CODES["norms"].values())
TOPICS = tuple(code for code in NORMS if code != "GEN")
LEVELS = ACTOR_CODES["organisational_levels"].values()
FACTORS = load("scorecards", "factors.toml")["factors"].values()
CRITERIA = load("scorecards", "criteria.toml")["criteria"].values()


def _known(words: list[str], codes: Any) -> list[str]:
    if unknown := [word for word in words if word not in codes]:
        known = ", ".join(map(str, codes))
        raise Unreadable(f"“{unknown[0][:40]}” is not on the list. Any of: {known}.")
    return words


def _ids(words: list[str]) -> list[UUID]:
    try:
        return [UUID(word) for word in words]
    except ValueError:
        raise Unreadable("An id looks like 3f2a90c4-0d6b-4f0e-9a51-7f3f0a3c1b2d.") from None


def _of_ngo_type(words: list[str], viewer: Any) -> Q:
    rows = NgoType.objects.filter(type__in=_known(words, ACTOR_CODES["ngo_types"].values()))
    return Q(engagement__ngo__in=rows.values("ngo"))


def _country(words: list[str], viewer: Any) -> Q:
    return Q(place_country__in=words)


def _topic(words: list[str], viewer: Any) -> Q:
    rows = InteractionTopic.objects.filter(norm__in=_known(words, TOPICS))
    return Q(pk__in=rows.values("interaction"))


def _norm(words: list[str], viewer: Any) -> Q:
    """What feeds the dossiers on a topic; every meeting feeds the law as a whole."""
    return Q() if "GEN" in _known(words, NORMS) else _topic(words, viewer)


def _dossier(words: list[str], viewer: Any) -> Q:
    """What feeds these dossiers. One that the viewer may not see is fed by nothing."""
    fed = Q(pk__in=[])
    for dossier in dossiers_visible_to(viewer).filter(pk__in=_ids(words)):
        fed |= Q(pk__in=interactions_feeding(dossier).order_by().values("pk"))
    return fed


def _counterpart(words: list[str], viewer: Any) -> Q:
    """Meetings with these people, where the viewer may know of the person."""
    known = counterparts_visible_to(viewer).filter(pk__in=_ids(words))
    rows = Participant.objects.filter(counterpart__in=known.order_by().values("pk"))
    return Q(pk__in=rows.order_by().values("interaction"))


def _factor(words: list[str], viewer: Any) -> Q:
    rows = Reading.objects.filter(factor__in=_known(words, FACTORS))
    return Q(pk__in=rows.order_by().values("interaction"))


def _criterion(words: list[str], viewer: Any) -> Q:
    rows = EvidenceNote.objects.filter(criterion__in=_known(words, CRITERIA))
    return Q(pk__in=rows.order_by().values("interaction"))


def _next_step(words: list[str], viewer: Any) -> Q:
    progress = _known(words, CODES["follow_up_states"].values())
    steps = follow_ups_visible_to(viewer).filter(is_next_step=True, progress__in=progress)
    return Q(pk__in=steps.order_by().values("interaction"))


def _any_level(words: list[str], viewer: Any) -> Q:
    condition = Q(pk__in=[])
    for code in _known(words, LEVELS):
        condition |= has_code("levels", code) | Q(highest_level=code)
    return condition


def _plan(words: list[str], viewer: Any) -> Q:
    known = plans_visible_to(viewer).filter(pk__in=_ids(words))
    return Q(plan__in=known.order_by().values("pk"))


# A plan above its meeting's level counts as none: nobody learns of it here.
_PLANS = Plan.objects.filter(pk=OuterRef("plan"), level__lte=OuterRef("level"))

INTERACTION_FILTERS: Mapping[str, Filter] = {
    "context": Ids("context"),
    "ngo": Ids("engagement__ngo"),
    "ngo_type": By(_of_ngo_type, hint="Any of: OPS, POL, RES, DIF."),
    "armed_group": Ids("engagement__armed_group"),
    "engagement": Ids("engagement"),
    "dossier": By(_dossier, hint="Any of these ids: meetings that feed the dossier."),
    "norm": By(_norm, hint=f"Any of: {', '.join(NORMS)}."),
    "held_on": CoarseDays("held_on_first", kind="interaction"),
    "held": YesNo("held"),
    "type": OneOf("type", CODES["interaction_types"].values()),
    "channel": OneOf("channel", CODES["channels"].values(), may_be_empty=True),
    "country": By(_country, hint="Any of these two-letter country codes."),
    "highest_level": OneOf("highest_level", LEVELS, may_be_empty=True),
    "level_met": By(_any_level, hint=f"Any of: {', '.join(map(str, LEVELS))}."),
    "topic": By(
        _topic,
        nothing=~Q(pk__in=InteractionTopic.objects.order_by().values("interaction")),
        hint=f"Any of: {', '.join(TOPICS)}.",
    ),
    "outcome": Whole("outcome", may_be_empty=True),
    "trust": Whole("trust", may_be_empty=True),
    "counterpart": By(_counterpart, hint="Any of these ids."),
    "factor": By(_factor, hint="A success factor that the meeting has a reading of."),
    "criterion": By(_criterion, hint="A criterion that the meeting has evidence on."),
    "next_step": By(_next_step, hint="Any of: open, done, dropped."),
    "plan": By(
        _plan, nothing=~Q(Exists(_PLANS)), hint="Any of these ids: logged from such a plan."
    ),
    "joint": Ids("joint", may_be_empty=True),
    "grade": OneOf("grade", [f"{a}{b}" for a in "ABCDEF" for b in "123456"], may_be_empty=True),
    "level": Whole("level"),
    "state": OneOf("state", (CURRENT, WITHDRAWN)),
}
