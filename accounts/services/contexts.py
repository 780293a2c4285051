"""Open a context: the compartment in which work is kept, with a key of its own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import Context, User
from records.sealing import create_key


@transaction.atomic
def create_context(
    *,
    code: str,
    name: str,
    countries: Sequence[str] = (),
    floor: int = 1,
    created_by: User | None = None,
    pk: UUID | None = None,
) -> Context:
    """A new context and its data key. ValidationError if the code is taken or not a plain word."""
    context = Context(
        pk=pk or uuid4(),
        code=code,
        name=name,
        countries=list(countries),  # type: ignore[misc]
        floor=floor,
        created_by=created_by,
    )
    context.full_clean(exclude=["created_by"])
    context.save(force_insert=True)
    create_key(context.pk)
    return context
