"""The dated facts of a context, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.access import Viewer
from accounts.models import Context
from actors.access import facts_visible_to
from actors.models import ContextFact
from actors.models.reference import CODES
from engagements.selectors.record_acts import LineActs, line_acts


@dataclass(frozen=True, slots=True)
class FactLine:
    fact: ContextFact
    kind: str
    value: str
    acts: LineActs


def fact_lines(viewer: Viewer, context: Context) -> list[FactLine]:
    """The newest first."""
    rows = facts_visible_to(viewer).filter(context=context).select_related("armed_group")
    newest = rows.order_by("fact", "-begun_first", "pk")
    kinds = CODES["context_fact_kinds"]
    return [
        FactLine(row, kinds.label(row.fact), _value(row), line_acts(viewer, row, "fact"))
        for row in newest
    ]


def _value(row: ContextFact) -> str:
    named = CODES["context_fact_kinds"][row.fact].extra["values_from"]
    return CODES[named].label(row.value) if named and row.value in CODES[named] else row.value
