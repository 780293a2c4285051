"""Contexts with their dated facts, as the API and the history tell them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.access import Viewer
from accounts.models import Context
from actors.access import facts_visible_to
from actors.models import ContextFact
from actors.selectors.parts import Wants, children, everything, interval


def context_rows(
    contexts: Sequence[Context], viewer: Viewer | None, wants: Wants = everything
) -> list[dict[str, Any]]:
    """Each context as in the API, for this viewer; without a viewer its own content, no facts."""
    facts = facts_shown(contexts, viewer) if viewer and wants("facts") else {}
    return [
        {
            "id": context.pk,
            "code": context.code,
            "name": context.name,
            "countries": context.countries,
            "floor": context.floor,
            "facts": [fact_row(row) for row in facts.get(context.pk, [])],
            "version": context.version,
            "updated_at": context.updated_at,
        }
        for context in contexts
    ]


def facts_shown(contexts: Sequence[Context], viewer: Viewer) -> dict[Any, list[ContextFact]]:
    """The facts of these contexts that the viewer may see, read once per answer."""
    if contexts and not hasattr(contexts[0], "shown_facts"):
        found = children(True, facts_visible_to(viewer), "context_id", contexts)
        for context in contexts:
            context.shown_facts = found.get(context.pk, [])  # type: ignore[attr-defined]
    return {context.pk: context.shown_facts for context in contexts}  # type: ignore[attr-defined]


def fact_row(row: ContextFact) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.fact,
        "value": row.value,
        "armed_group": row.armed_group_id,
        **interval(row),
        "source": row.source,
        "grade": row.grade,
        "level": row.level,
    }
