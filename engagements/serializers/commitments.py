"""The shape of commitments: the text, its parties, its clauses, and how both fare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.access import Viewer
from engagements.access import dossiers_visible_to
from engagements.details import CODES
from engagements.models import (
    Clause,
    ClauseState,
    Commitment,
    CommitmentSource,
    CommitmentStatus,
)
from engagements.serializers.parts import (
    Day,
    KnownRow,
    RecordsInput,
    Wants,
    children,
    coarse,
    own_part,
    pseudonymised,
    shown_day,
    words,
)
from records.rest.inputs import (
    CodeInput,
    CodesInput,
    GradeInput,
    LevelInput,
    PartialDateInput,
    Row,
    Rows,
    Text,
)


class PartyRow(Row):
    name = Text(max_length=300)
    kind = CodeInput(CODES["party_kinds"])
    role = CodeInput(CODES["party_roles"])
    note = words(1000)


class ClauseRow(Row):
    norm = CodeInput(CODES["norms"])
    obligation = CodeInput(CODES["clause_obligations"])
    text = Text(max_length=4000)
    state = CodeInput(CODES["clause_states"], default="promised")
    states = serializers.ListField(
        child=serializers.DictField(), read_only=True, help_text="Dated, oldest first."
    )


class SourceRow(Row):
    kind = CodeInput(CODES["source_kinds"])
    reference = Text(max_length=400)
    date = PartialDateInput(allow_null=True, default=None)
    grade = GradeInput(default="")


def scored_dossiers(viewer: Viewer) -> Any:
    return dossiers_visible_to(viewer).select_related("engagement", "context")


EXAMPLE = {
    "dossiers": ["6f1d0f52-34c1-4c3a-8b0e-1c7f2e0b9a11"],
    "instrument": "COC",
    "title": "Code of conduct on children",
    "signed_on": "2026-03-14",
    "parties": [{"name": "River Front", "kind": "armed_group", "role": "signatory"}],
    "norms": ["N11"],
    "clauses": [{"norm": "N11", "obligation": "do_not", "text": "Nobody under 18 is recruited."}],
    "status": "signed",
    "verification": "V1",
    "sources": [{"kind": "agreement_text", "reference": "Copy handed over", "grade": "B2"}],
}


@extend_schema_serializer(
    examples=[OpenApiExample("A commitment", value=EXAMPLE, request_only=True)]
)
class CommitmentInput(KnownRow):
    dossiers = RecordsInput(scored_dossiers)
    instrument = CodeInput(CODES["instruments"])
    title = Text(max_length=300)
    signed_on = PartialDateInput(allow_null=True, default=None)
    in_force_from = PartialDateInput(allow_null=True, default=None)
    ended_on = PartialDateInput(allow_null=True, default=None)
    review_on = Day(allow_null=True, default=None)
    parties = Rows(PartyRow, default=list)
    norms = CodesInput(CODES["norms"], default=list)
    clauses = Rows(ClauseRow, default=list)
    status = CodeInput(CODES["commitment_statuses"])
    status_since = PartialDateInput(
        allow_null=True, required=False, write_only=True, help_text="Dates a new status."
    )
    statuses = serializers.ListField(
        child=serializers.DictField(), read_only=True, help_text="Dated, oldest first."
    )
    legal_effect = CodeInput(CODES["legal_effects"], allow_null=True, default=None)
    verification = CodeInput(CODES["verification"], default="V0")
    conditions = words(4000)
    reservations = words(4000)
    note = words(4000)
    sources = Rows(SourceRow, default=list)
    level = LevelInput(allow_null=True, default=None)


def commitment_rows(
    rows: Sequence[Commitment], viewer: Viewer, wants: Wants
) -> list[dict[str, Any]]:
    hidden = pseudonymised(viewer, Commitment.kind)
    parts = _Parts(rows, viewer, wants)
    return [parts.row(row, hidden=hidden(row)) for row in rows]


def bound_dossiers(rows: Sequence[Commitment], viewer: Viewer) -> dict[Any, list[Any]]:
    """The dossiers that each commitment binds, where the viewer sees them; read once."""
    first: Any = rows[0]
    if not hasattr(first, "bound"):
        joined = Commitment.dossiers.through._default_manager.filter(
            commitment__in=[row.pk for row in rows], dossier__in=dossiers_visible_to(viewer)
        )
        first.bound = {}
        for commitment, dossier in joined.order_by("pk").values_list("commitment", "dossier"):
            first.bound.setdefault(commitment, []).append(dossier)
    bound: dict[Any, list[Any]] = first.bound
    return bound


class _Parts:
    """What hangs on these commitments: one statement for each kind that the answer shows."""

    def __init__(self, rows: Sequence[Commitment], viewer: Viewer, wants: Wants) -> None:
        self.bound = bound_dossiers(rows, viewer)
        steps, sources = CommitmentStatus.objects.all(), CommitmentSource.objects.all()
        self.statuses = children(wants("statuses"), steps, "commitment", rows)
        self.sources = children(wants("sources"), sources, "commitment", rows)
        self.clauses = children(wants("clauses"), Clause.objects.all(), "commitment", rows)
        clauses = [clause for found in self.clauses.values() for clause in found]
        states: dict[Any, Any] = {}
        if clauses:
            for state in ClauseState.objects.filter(clause__in=[one.pk for one in clauses]):
                states.setdefault(state.clause_id, []).append(state)
        self.states = states

    def row(self, row: Commitment, *, hidden: bool) -> dict[str, Any]:
        by_month = coarse(row, hidden)

        def day(when: Any) -> str | None:
            return shown_day(when, by_month=by_month)

        return {
            **own_part(row, by_month=by_month),
            **_texts(row, hidden=hidden),
            "dossiers": self.bound.get(row.pk, []),
            "instrument": row.instrument,
            "title": row.title,
            "signed_on": day(row.signed_on),
            "in_force_from": day(row.in_force_from),
            "ended_on": day(row.ended_on),
            "review_on": day(row.review_on),
            "parties": _parties(row, hidden=hidden),
            "norms": row.norms,
            "clauses": [self._clause(one, by_month) for one in self.clauses.get(row.pk, ())],
            "status": row.status,
            "statuses": [
                {
                    "status": one.status,
                    "since": day(one.since),
                    "recorded_on": day(one.recorded_on),
                }
                for one in self.statuses.get(row.pk, ())
            ],
            "legal_effect": row.legal_effect or None,
            "verification": row.verification,
            "sources": [_source(one, by_month) for one in self.sources.get(row.pk, ())],
            "state": row.state,
        }

    def _clause(self, clause: Clause, by_month: bool) -> dict[str, Any]:
        return {
            "norm": clause.norm,
            "obligation": clause.obligation,
            "text": clause.text,
            "state": clause.progress,
            "states": [
                {
                    "state": one.progress,
                    "recorded_on": shown_day(one.recorded_on, by_month=by_month),
                }
                for one in self.states.get(clause.pk, ())
            ],
        }


def _texts(row: Commitment, *, hidden: bool) -> dict[str, str]:
    if hidden:
        return {}
    return {"conditions": row.conditions, "reservations": row.reservations, "note": row.note}


def _parties(row: Commitment, *, hidden: bool) -> list[dict[str, Any]]:
    """The parties; for a reader without identities those that are persons have no name."""
    if not hidden:
        return list(row.parties)
    return [
        {key: party[key] for key in ("name", "kind", "role") if key in party}
        if party.get("kind") != "person"
        else {"kind": "person", "role": party.get("role")}
        for party in row.parties
    ]


def _source(row: CommitmentSource, by_month: bool) -> dict[str, Any]:
    return {
        "kind": row.source,
        "reference": row.reference,
        "date": shown_day(row.dated, by_month=by_month),
        "grade": row.grade,
    }
