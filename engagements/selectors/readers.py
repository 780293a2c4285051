"""Who will be able to read a meeting, in one line, before it is saved."""

from __future__ import annotations

from uuid import UUID

from accounts.access import readers_of
from accounts.models import Role

NAMED = 8


def readers_sentence(context_id: UUID, level: int) -> str:
    """ "3 people will be able to read this: Amina, Ann (structured part only), Rosa (head)."""
    people = readers_of(context_id, level, "interaction")
    names = [_named(user.name, role) for user, role in people]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    who = "1 person" if len(names) == 1 else f"{len(names)} people"
    return f"{who} will be able to read this: {', '.join(names[:NAMED])}{more}."


def _named(name: str, role: str) -> str:
    note = {Role.HEAD: " (head)", Role.ANALYST: " (analyst: no text, no identities)"}
    return name + note.get(Role(role), "")
