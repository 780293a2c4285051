"""The list of armed groups: who they are and where contact stands. No ranking, no score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.access import COARSE_FROM, Viewer, coarse_contexts
from actors.access import groups_visible_to
from actors.models import ArmedGroup, GroupName
from actors.models.reference import CODES as ACTOR_CODES
from actors.selectors.search import found_by_name, why_found
from engagements import access
from engagements.selectors.dossier_page import badge_words
from engagements.selectors.scores import standings_visible_to
from records.codes import load
from records.models.records import CURRENT
from scorecards.scoring.beside import Badge, badge_of
from scorecards.scoring.facts import CommitmentFact, Source

STAGES = load("scorecards")["stages"]
LEVELS = [str(code) for code in ACTOR_CODES["organisational_levels"].values()]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One armed group in a list. `matched` says which of its names a search found."""

    group: ArmedGroup
    contexts: str
    last_contact: str
    highest_level: str
    stages: str
    badge: str
    matched: str


def groups_found(viewer: Viewer, words: str) -> QuerySet[ArmedGroup]:
    """The viewer's groups, or those a search finds; ValidationError for words too short."""
    rows = groups_visible_to(viewer).filter(state=CURRENT)
    return found_by_name(rows, GroupName, words) if words else rows


def group_rows(viewer: Viewer, groups: Sequence[ArmedGroup], words: str) -> list[GroupRow]:
    """What a list shows of these groups: six queries, whatever their number."""
    ids = [group.pk for group in groups]
    contexts, contact = _contexts(viewer, ids), _last_contact(viewer, ids)
    levels, badges = _highest_levels(viewer, ids), badges_of(viewer, ids)
    stages = _stages(viewer, ids)
    reasons = why_found(groups, GroupName, words) if words and groups else [{} for _ in groups]
    return [
        GroupRow(
            group=group,
            contexts=", ".join(contexts.get(group.pk, [])),
            last_contact=contact.get(group.pk, ""),
            highest_level=levels.get(group.pk, ""),
            stages=stages.get(group.pk, ""),
            badge=badges.get(group.pk, ""),
            matched=matched_words(group, reason),
        )
        for group, reason in zip(groups, reasons, strict=True)
    ]


def matched_words(group: ArmedGroup, reason: Mapping[str, Any]) -> str:
    """ "former name: River Union, 2009 to 2014"; empty where the present name was found."""
    if not reason or reason["name"] == group.name:
        return ""
    kind = ACTOR_CODES["name_kinds"].label(reason["kind"])
    span = " to ".join(str(reason[end]) for end in ("from", "to") if reason.get(end))
    return f"{kind}: {reason['name']}" + (f", {span}" if span else "")


def _contexts(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    rows = access.engagements_visible_to(viewer).filter(armed_group__in=ids).order_by()
    found: dict[UUID, list[str]] = {}
    for group, name in sorted(set(rows.values_list("armed_group", "context__name")), key=str):
        found.setdefault(group, []).append(name)
    return found


def _last_contact(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The newest held meeting: its day, or its month where the reader is shown no more."""
    held = _held(viewer, ids).values("engagement__armed_group", "context", "level")
    coarse = set(coarse_contexts(viewer, "interaction"))
    newest: dict[UUID, tuple[Any, bool]] = {}
    for row in held.annotate(day=Max("held_on_first")):
        hidden = row["context"] in coarse and row["level"] >= COARSE_FROM
        group = row["engagement__armed_group"]
        day = row["day"].replace(day=1) if hidden else row["day"]
        if group not in newest or day > newest[group][0]:
            newest[group] = (day, hidden)
    return {
        group: f"{day:%Y-%m}" if hidden else day.isoformat()
        for group, (day, hidden) in newest.items()
    }


def _highest_levels(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, str]:
    held = _held(viewer, ids).values_list("engagement__armed_group", "highest_level").distinct()
    best: dict[UUID, str] = {}
    for group, level in held:
        if level and (group not in best or LEVELS.index(level) < LEVELS.index(best[group])):
            best[group] = level
    return {g: ACTOR_CODES["organisational_levels"].label(code) for g, code in best.items()}


def _stages(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Where its dossiers on the law as a whole stand, at the viewer's clearance; each step once,
    for several NGOs may have come to different ones.
    """
    rows = standings_visible_to(viewer).filter(
        dossier__engagement__armed_group__in=ids, dossier__norm="GEN"
    )
    named = ("dossier__engagement__armed_group", "scorecard__result__stage__level")
    levels: dict[UUID, set[int]] = {}
    for group, level in rows.order_by().values_list(*named):
        if level is not None:
            levels.setdefault(group, set()).add(int(level))
    return {
        group: ", ".join(STAGES.label(level) for level in sorted(found))
        for group, found in levels.items()
    }


def _held(viewer: Viewer, ids: Iterable[UUID]) -> QuerySet[Any]:
    rows = access.interactions_visible_to(viewer).filter(state=CURRENT, held=True)
    return rows.filter(engagement__armed_group__in=ids).order_by()


def badges_of(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The highest commitment on each group's dossiers, in words."""
    rows = access.commitments_visible_to(viewer).filter(
        state=CURRENT, dossiers__engagement__armed_group__in=ids
    )
    found: dict[UUID, list[CommitmentFact]] = {}
    named = ("dossiers__engagement__armed_group", "status", "instrument", "verification")
    for group, status, instrument, verification in rows.order_by().values_list(*named):
        fact = CommitmentFact(status, instrument, verification, None, 1, Source("commitment", ""))
        found.setdefault(group, []).append(fact)
    today = timezone.localdate()
    return {group: _badge(badge_of(facts, today)) for group, facts in found.items()}


def _badge(badge: Badge) -> str:
    if badge.badge == "none":
        return ""
    return badge_words({"badge": badge.badge, "verification": badge.verification})
