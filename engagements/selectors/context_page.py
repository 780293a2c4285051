"""The dated facts of a context, as its page shows them and as they are told to a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.access import Viewer
from accounts.models import Context
from actors.access import facts_visible_to
from actors.models import ContextFact
from actors.models.reference import CODES
from records.models.records import DELETED


@dataclass(frozen=True, slots=True)
class FactLine:
    fact: ContextFact
    kind: str
    value: str


def fact_lines(viewer: Viewer, context: Context) -> list[FactLine]:
    """The newest first."""
    rows = facts_visible_to(viewer).filter(context=context).select_related("armed_group")
    newest = rows.order_by("fact", "-begun_first", "pk")
    return [
        FactLine(row, CODES["context_fact_kinds"].label(row.fact), _value(row)) for row in newest
    ]


def _value(row: ContextFact) -> str:
    named = CODES["context_fact_kinds"][row.fact].extra["values_from"]
    return CODES[named].label(row.value) if named and row.value in CODES[named] else row.value


def facts_told(rows: Any) -> list[dict[str, Any]]:
    """Stored facts as the content of a context names them."""
    return [
        {
            "id": row.pk,
            "kind": row.fact,
            "value": row.value,
            "armed_group": row.armed_group,
            "begun": row.begun,
            "ended": row.ended,
            "source": row.source,
            "grade": row.grade,
            "level": row.level,
        }
        for row in rows.exclude(state=DELETED).select_related("armed_group")
    ]
