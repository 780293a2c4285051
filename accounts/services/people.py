"""Give an empty register its first person: the head of a first context."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Membership, Role, User
from accounts.services.contexts import create_context

NOT_EMPTY = "There are people in this register already. Its heads of delegation let others in."


@transaction.atomic
def open_register(
    *, username: str, name: str, code: str, context: str, countries: Sequence[str] = ()
) -> tuple[User, str]:
    """The first head of delegation, their context, and a password that is told once.

    Only while nobody is there: whoever runs the machine must not let themselves in later.
    ValidationError if somebody is, or if a name does not fit.
    """
    if User.objects.exists():
        raise ValidationError(NOT_EMPTY)
    password = "-".join(secrets.token_hex(3) for _ in range(4))
    head = User.objects.create_user(username, password, name=name)
    opened = create_context(code=code, name=context, countries=countries, created_by=head)
    Membership.objects.create(user=head, context=opened, role=Role.HEAD, clearance=4)
    return head, password
