"""Counterparts as the API and the history tell them: by code, never by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.access import Viewer
from actors.models import Counterpart
from actors.selectors.parts import coarse, days_hidden, pseudonymised, told


def counterpart_rows(people: Sequence[Counterpart], viewer: Viewer | None) -> list[dict[str, Any]]:
    """Each counterpart as in the API: `level` is the rank band, `sensitivity` its level."""
    hidden = pseudonymised(viewer, "counterpart")
    return [_row(person, hidden(person)) for person in people]


def _row(person: Counterpart, hidden: bool) -> dict[str, Any]:
    months = hidden and days_hidden(person)
    return {
        "id": person.pk,
        "armed_group": person.armed_group_id,
        "code": person.code,
        **({} if hidden else {"role": person.role}),
        "level": person.rank,
        "active_from": told(coarse(person.active_from) if months else person.active_from),
        "active_to": told(coarse(person.active_to) if months else person.active_to),
        "context": person.context_id,
        "sensitivity": person.level,
        "state": person.state,
        "version": person.version,
        "updated_at": person.updated_at,
    }
