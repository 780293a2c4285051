"""Who somebody is, where they work, and what the frame of every page shows of it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.access import Viewer, visible_contexts
from accounts.models import ApiToken, Context, User


def account_of(viewer: Viewer) -> dict[str, Any]:
    """The viewer as `/me/` tells it: clearances are those in force, cut to the token."""
    assert viewer.user is not None  # the door lets nobody else in
    names = {context.pk: context for context in contexts_of(viewer)}
    return {
        "user": {"id": viewer.user.pk, "username": viewer.user.username, "name": viewer.user.name},
        "memberships": [
            {
                "context": grant.context_id,
                "code": names[grant.context_id].code,
                "name": names[grant.context_id].name,
                "role": grant.role,
                "clearance": grant.clearance,
            }
            for grant in viewer.grants
            if grant.context_id in names
        ]
        + [{"context": None, "role": role} for role in sorted(viewer.organisation_roles)],
        "token": token_row(viewer.token) if viewer.token else None,
    }


def token_row(token: ApiToken) -> dict[str, Any]:
    """What is told of a token: everything but its text, which nobody has any more."""
    return {
        "id": token.pk,
        "name": token.name,
        "can_write": token.can_write,
        "contexts": [context.pk for context in token.contexts.all()],
        "networks": token.networks.split(),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_on": token.last_used_on,
    }


def contexts_of(viewer: Viewer) -> QuerySet[Context]:
    """The contexts in which the viewer works, by name."""
    return visible_contexts(viewer, Context.objects.all())


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """One's own tokens, the revoked ones too, newest first."""
    return ApiToken.objects.filter(owner=user).prefetch_related("contexts")


def sample_users_exist() -> bool:
    return User.objects.filter(is_sample=True).exists()
