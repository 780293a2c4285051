"""The register of commitments, and the page of one: clauses, statuses, sources, allegations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.access import Viewer, reads_in_full
from engagements import access
from engagements.details import CODES
from engagements.models import Clause, Commitment, Incident
from engagements.models.dossiers import Dossier
from engagements.selectors.places import as_shown, is_coarse, shown_date, shown_day
from records.models.records import CURRENT


def by_signing(viewer: Viewer) -> Combinable:
    """The order of the register; commitments without a day of signing stand last."""
    signed_on = shown_day(viewer, "signed_on_first", "commitment")
    return Coalesce(signed_on, Value(date.min), output_field=DateField())


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    commitment: Commitment
    groups: str


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    dossiers: list[Dossier]
    parties: list[tuple[str, str, str]]
    norms: list[tuple[str, str]]
    clauses: list[Clause]
    statuses: list[Any]
    sources: list[Any]
    allegations: list[tuple[str, Incident]]


def commitments_in(viewer: Viewer) -> QuerySet[Commitment]:
    return access.commitments_visible_to(viewer)


def commitment_lines(viewer: Viewer, rows: Any) -> list[CommitmentLine]:
    """Commitments with the armed groups that they bind, as far as the viewer may see dossiers."""
    rows = as_shown(viewer, rows, "signed_on")
    bound = access.dossiers_visible_to(viewer).filter(commitments__in=[row.pk for row in rows])
    groups: dict[Any, set[str]] = {}
    for pk, name in bound.values_list("commitments", "engagement__armed_group__name"):
        groups.setdefault(pk, set()).add(name)
    return [CommitmentLine(row, ", ".join(sorted(groups.get(row.pk, ())))) for row in rows]


def commitment_page(viewer: Viewer, commitment: Commitment) -> CommitmentPage:
    """Its parts, for this viewer; the commitment's own days are cut to what they are shown."""
    as_shown(viewer, [commitment], "signed_on", "in_force_from", "ended_on", "review_on")
    in_full = reads_in_full(viewer, commitment)
    clauses = list(commitment.clauses.prefetch_related("states"))
    for clause in clauses:
        as_shown(viewer, clause.states.all(), "recorded_on", of=commitment)
    dossiers = access.dossiers_visible_to(viewer).filter(commitments=commitment)
    incidents = access.incidents_visible_to(viewer).filter(commitments=commitment, state=CURRENT)
    return CommitmentPage(
        dossiers=list(dossiers.select_related("engagement__ngo", "engagement__armed_group")),
        parties=[_party(one, in_full) for one in commitment.parties],
        norms=[(code, CODES["norms"].label(code)) for code in commitment.norms],
        clauses=clauses,
        statuses=as_shown(viewer, commitment.statuses.all(), "since", "recorded_on", of=commitment),
        sources=as_shown(viewer, commitment.sources.all(), "dated", of=commitment),
        allegations=[
            (str(shown_date(row.occurred_on, coarse=is_coarse(viewer, row))), row)
            for row in incidents.defer("place_detail", "description", "source")
        ],
    )


def _party(one: dict[str, str], in_full: bool) -> tuple[str, str, str]:
    """Name, kind and role in words; what is on no list is shown as it was written. A reader
    without identities gets no name of a person.
    """
    kind, role = one.get("kind", ""), one.get("role", "")
    return (
        one.get("name", "") if in_full or kind != "person" else "",
        CODES["party_kinds"].label(kind) if kind in CODES["party_kinds"] else kind,
        CODES["party_roles"].label(role) if role in CODES["party_roles"] else role,
    )
