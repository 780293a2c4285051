"""The file of one armed group: who they are, and what everybody visible has dealt with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.access import Viewer, may
from actors.access import counterparts_visible_to, groups_visible_to
from actors.models import ArmedGroup
from actors.models.reference import CODES as ACTOR_CODES
from actors.selectors.groups import group_rows
from actors.selectors.people import counterpart_rows
from engagements import access
from engagements.details import CODES
from engagements.models import Commitment, Engagement
from engagements.selectors import scores
from engagements.selectors.places import Place, as_shown, page_of
from engagements.selectors.record_acts import line_acts
from engagements.selectors.timeline import group_marks
from engagements.selectors.validity import card_validity
from engagements.selectors.violations_panel import incidents_drawn
from records.models.records import CURRENT, WITHDRAWN
from scorecards.models import Standing


@dataclass(frozen=True, slots=True)
class DossierLine:
    """One dossier beside the others: its scores at the viewer's clearance, never averaged."""

    standing: Standing
    state: str

    @property
    def topic(self) -> str:
        return CODES["norms"].label(self.standing.dossier.norm)

    @property
    def validity(self) -> str:
        """How far the card fits this group, in words; empty where it fits in full."""
        code, words = card_validity(self.standing.dossier.engagement.armed_group.structure)
        return "" if code == "full" else words

    @property
    def factors(self) -> dict[str, Any]:
        found = self.standing.success_factors
        return found.result if found else {}

    @property
    def card(self) -> dict[str, Any]:
        found = self.standing.scorecard
        return found.result if found else {}


@dataclass(frozen=True, slots=True)
class GroupFile:
    told: dict[str, Any]
    names: list[dict[str, Any]]
    lineage: list[tuple[str, Place, dict[str, Any]]]
    listings: list[dict[str, Any]]
    external_ids: list[dict[str, Any]]
    motives: str
    validity: tuple[str, str]
    engagements: list[Engagement]
    may_correct: frozenset[UUID]
    dossiers: list[DossierLine]
    counterparts: list[dict[str, Any]]
    commitments: list[Commitment]
    incidents: list[dict[str, Any]]
    marks: list[dict[str, Any]]


def group_file(viewer: Viewer, group: ArmedGroup) -> GroupFile:
    """Everything on the page of a group; about twenty queries, whatever its history."""
    told = group_rows([group], viewer)[0]
    engagements = _engagements(viewer, group)
    return GroupFile(
        told=told,
        names=_worded(told["names"], "name_kinds", "kind"),
        lineage=_lineage(viewer, group, told["lineage"]),
        listings=_worded(told["listings"], "listing_lists", "list"),
        external_ids=_worded(told["external_ids"], "external_id_schemes", "scheme"),
        motives=", ".join(ACTOR_CODES["group_motives"].label(code) for code in group.motive),
        validity=card_validity(group.structure),
        engagements=engagements,
        may_correct=frozenset(row.pk for row in engagements if may(viewer, "u", row)),
        dossiers=dossier_lines(viewer, engagement__armed_group=group),
        counterparts=_worded(_people(viewer, group), "organisational_levels", "level"),
        commitments=_commitments(viewer, group),
        incidents=_incidents(viewer, group),
        marks=group_marks(viewer, group),
    )


def _worded(rows: list[dict[str, Any]], codes: str, key: str) -> list[dict[str, Any]]:
    """The rows in the order of their code list, with the label of the code as `words`."""
    order = list(ACTOR_CODES[codes].values())
    worded = [row | {"words": ACTOR_CODES[codes].label(row[key])} for row in rows]
    return sorted(worded, key=lambda row: order.index(row[key]))


def dossier_lines(viewer: Viewer, **of: Any) -> list[DossierLine]:
    """The viewer's dossiers under this condition, side by side; `of` names Dossier's columns."""
    rows = scores.standings_visible_to(viewer).filter(**{f"dossier__{k}": v for k, v in of.items()})
    found = list(
        rows.select_related("dossier__context").order_by(
            "dossier__engagement__ngo__name",
            "dossier__engagement__armed_group__name",
            "dossier__norm",
            "pk",
        )
    )
    failed = scores.failed_of([row.dossier for row in found if row.is_behind])
    return [DossierLine(row, scores.state_of(row, failed)) for row in found]


def _lineage(
    viewer: Viewer, group: ArmedGroup, rows: list[dict[str, Any]]
) -> list[tuple[str, Place, dict[str, Any]]]:
    """Kin in both directions: what this group comes from, and what names it as its origin."""
    known = groups_visible_to(viewer)
    others = dict(known.filter(pk__in=[row["group"] for row in rows]).values_list("pk", "name"))
    words = ACTOR_CODES["lineage_relations"]
    own = [
        (words.label(row["relation"]), _group_place(row["group"], others[row["group"]]), row)
        for row in rows
    ]
    of = group.lineage_of.filter(group__in=known).select_related("group")
    return own + [
        (
            words.label(row.relation),
            _group_place(row.group_id, row.group.name),
            {"from": row.begun, "to": row.ended, "source": row.source, "incoming": True},
        )
        for row in of
    ]


def _group_place(pk: Any, name: str) -> Place:
    return Place(name, page_of("armed_group", pk))


def _people(viewer: Viewer, group: ArmedGroup) -> list[dict[str, Any]]:
    """By code. Whoever may restore somebody sees the withdrawn ones too."""
    rows = list(counterparts_visible_to(viewer).filter(armed_group=group))
    acts = [line_acts(viewer, row, "counterpart") for row in rows]
    told = counterpart_rows(rows, viewer)
    return [
        row | {"acts": act, "withdrawn": row["state"] == WITHDRAWN}
        for row, act in zip(told, acts, strict=True)
        if row["state"] == CURRENT or act.restore
    ]


def _engagements(viewer: Viewer, group: ArmedGroup) -> list[Engagement]:
    rows = access.engagements_visible_to(viewer).filter(armed_group=group)
    return list(rows.select_related("ngo", "context").order_by("ngo__name", "pk"))


def _commitments(viewer: Viewer, group: ArmedGroup) -> list[Commitment]:
    dossiers = access.dossiers_visible_to(viewer).filter(engagement__armed_group=group)
    rows = access.commitments_visible_to(viewer).filter(dossiers__in=dossiers).distinct()
    return as_shown(viewer, rows.exclude(state="withdrawn"), "signed_on")


def _incidents(viewer: Viewer, group: ArmedGroup) -> list[dict[str, Any]]:
    rows = access.incidents_visible_to(viewer).filter(armed_group=group, state=CURRENT)
    return incidents_drawn(viewer, rows)
