"""The rows of evidence behind a score, as far as their reader may follow them.

Figures are never changed here: a record that the reader may not open loses its link, and for
a reader of pseudonymised records the rows of level 3 and up come grouped (access, decision 2).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from accounts.access import COARSE_FROM, Viewer, coarse_contexts
from actors.access import facts_visible_to, groups_visible_to, ngos_visible_to, services_visible_to
from engagements import access
from engagements.models import Dossier
from scorecards.models.snapshots import SCORECARD
from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.integration import integration
from scorecards.scoring.method import Method

Row = dict[str, Any]
Key = tuple[str, str]  # kind and id of a record

_SCOPES: Mapping[str, Callable[[Viewer], Any]] = {
    "interaction": access.interactions_visible_to,
    "claim": access.claims_visible_to,
    "follow_up": access.follow_ups_visible_to,
    "assessment": access.assessments_visible_to,
    "engagement": access.engagements_visible_to,
    "blocker": access.blockers_visible_to,
    "commitment": access.commitments_visible_to,
    "incident": access.incidents_visible_to,
    "observation": access.observations_visible_to,
    "context_fact": facts_visible_to,
    "ngo_service": services_visible_to,
    "armed_group": groups_visible_to,
    "ngo": ngos_visible_to,
    "stage_move": access.stage_moves_visible_to,
    "dossier": access.dossiers_visible_to,
}
_RESOURCES = {
    "interaction": "interactions",
    "claim": "claims",
    "follow_up": "follow-ups",
    "assessment": "assessments",
    "engagement": "engagements",
    "blocker": "blockers",
    "commitment": "commitments",
    "incident": "incidents",
    "observation": "observations",
    "armed_group": "armed-groups",
    "dossier": "dossiers",
}


def evidence_rows(
    viewer: Viewer, dossier: Dossier, facts: DossierFacts, kind: str, as_of: date, method: Method
) -> list[Row]:
    """Rows of a scorecard or of success factors, from the facts of one clearance."""
    found: Iterable[Any]
    if kind == SCORECARD:
        found = integration(facts, as_of, method).evidence
    else:
        found = conduciveness(facts, as_of, method).evidence
    rows: list[Row] = [dict(row) for row in found]
    if dossier.context_id in coarse_contexts(viewer, "interaction"):
        rows = _grouped(rows, facts, kind)
    shown = sources_shown(viewer, (key for row in rows for key in _keys(row)))
    return [_linked(row, shown, dossier) for row in rows]


def sources_shown(viewer: Viewer, keys: Iterable[Key]) -> set[Key]:
    """Those of these records that the viewer may open: one query per kind."""
    wanted: dict[str, set[UUID]] = {}
    for kind, pk in keys:
        wanted.setdefault(kind, set()).add(UUID(pk))
    return {
        (kind, str(pk))
        for kind, ids in sorted(wanted.items())
        for pk in _SCOPES[kind](viewer).filter(pk__in=ids).order_by().values_list("pk", flat=True)
    }


def _keys(row: Row) -> list[Key]:
    sources = [row["source"]] if row.get("source") else []
    return [(one["kind"], one["id"]) for one in [*sources, *row.get("records", ())]]


def _linked(row: Row, shown: set[Key], dossier: Dossier) -> Row:
    if "source" in row:
        row["source"] = linked_source(row["source"], shown, dossier)
    if "records" in row:
        linked = (linked_source(one, shown, dossier) for one in row["records"])
        row["records"] = [one for one in linked if one]
    return row


def linked_source(source: Any, shown: Collection[Key], dossier: Dossier) -> Row | None:
    """A source with its address in the API; None where the reader may not open it."""
    if source is None or (source["kind"], source["id"]) not in shown:
        return None
    return {**source, "href": href_of(source["kind"], source["id"], dossier)}


def href_of(kind: str, pk: str, dossier: Dossier) -> str:
    """Where the record stands in the API; facts and services stand inside what they describe."""
    if kind == "context_fact":
        return f"/api/v1/contexts/{dossier.context_id}/"
    if kind == "ngo_service":
        return f"/api/v1/ngos/{dossier.engagement.ngo_id}/"
    if kind == "stage_move":
        return f"/api/v1/scorecards/{dossier.pk}/stage/"
    return f"/api/v1/{_RESOURCES[kind]}/{pk}/"


# --- For a reader of pseudonymised records --------------------------------------------------------


def _grouped(rows: list[Row], facts: DossierFacts, kind: str) -> list[Row]:
    """Rows of level 3 and up as one per factor or criterion: number, weight, weighted mean."""
    name = "criterion" if kind == SCORECARD else "factor"
    level_of = _rating_levels(facts) if kind == SCORECARD else _record_levels(facts)
    kept: list[Row] = []
    apart: dict[str, list[Row]] = {}
    for row in rows:
        hidden = (
            max((level_of(row, key) for key in _all_keys(row, facts)), default=1) >= COARSE_FROM
        )
        if hidden and row.get("state") != "withdrawn":
            apart.setdefault(row[name], []).append(row)
        elif not hidden:
            kept.append(row)
    group = _criterion_group if kind == SCORECARD else _factor_group
    return kept + [group(code, members) for code, members in apart.items()]


def _all_keys(row: Row, facts: DossierFacts) -> list[Key]:
    """The row's records; regular contact also rests on the first contact, not listed there."""
    first = facts.contacts if row.get("factor") == "QI4" else ()
    return [*_keys(row), *((fact.source.kind, fact.source.id) for fact in first)]


def _rating_levels(facts: DossierFacts) -> Callable[[Row, Key], int]:
    levels: dict[tuple[str, str], int] = {}
    for fact in facts.ratings:
        key = (fact.criterion, fact.source.id)
        levels[key] = max(fact.level, levels.get(key, 1))
    return lambda row, key: levels.get((row["criterion"], key[1]), COARSE_FROM)


def _record_levels(facts: DossierFacts) -> Callable[[Row, Key], int]:
    levels: dict[Key, int] = {}
    for rows in (
        facts.contacts, facts.meetings, facts.readings, facts.items, facts.promises, facts.states,
        facts.services, facts.blockers,
    ):  # fmt: skip
        for fact in rows:
            key = (fact.source.kind, fact.source.id)
            levels[key] = max(fact.level, levels.get(key, 1))
    if facts.group_start is not None:
        source = facts.group_start.source
        levels.setdefault((source.kind, source.id), 1)
    return lambda row, key: levels.get(key, COARSE_FROM)


def _factor_group(code: str, rows: list[Row]) -> Row:
    weight = math.fsum(row["w"] for row in rows)
    said = math.fsum(row["w"] * row["u"] for row in rows)
    return {
        "factor": code,
        "kind": rows[0]["kind"],
        "grouped": True,
        "evidence_count": sum(len(row["records"]) if "records" in row else 1 for row in rows),
        "weight_sum": weight,
        "mean": said / weight if weight else None,
    }


def _criterion_group(code: str, rows: list[Row]) -> Row:
    """`weight_sum` is weight times q; `weight` stands in the denominator of the coverage."""
    weights = [row["weight"] * row["q"] for row in rows]
    said = math.fsum(w * row["rating"] / 4 for w, row in zip(weights, rows, strict=True) if w)
    weight = math.fsum(weights)
    return {
        "criterion": code,
        "dimension": rows[0]["dimension"],
        "grouped": True,
        "evidence_count": len(rows),
        "weight_sum": weight,
        "mean": said / weight if weight else None,
        "weight": math.fsum(row["weight"] for row in rows),
        "state": rows[0]["state"],
    }
