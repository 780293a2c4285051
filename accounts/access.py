"""Who may do what: one predicate, `may`, and its queryset form, `visible`.

may(viewer, verb, record) = the viewer is active and a current member of the record's context,
the role allows the verb on this kind of record, and the clearance there is at least its level.
Nothing stands above it. Pages, API, counts, choices, scores and jobs all lean on this module.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import ApiToken, Membership, User
from records.models.records import DELETED

TOKEN_CEILING = 3  # level 4 never travels by token
COARSE_FROM = 3  # from this level on, a "p" reader gets months and first-level areas

# An identity (the name behind a code) never travels by token, whatever its level.
NEVER_BY_TOKEN = frozenset({"identity"})

M = TypeVar("M", bound=Model)


@cache
def matrix() -> dict[str, dict[str, str]]:
    """Kind of record -> role -> verbs, from `matrix.toml`."""
    return tomllib.loads((Path(__file__).parent / "matrix.toml").read_text())


@dataclass(frozen=True, slots=True)
class Grant:
    """What one membership gives in one context."""

    context_id: UUID
    role: str
    clearance: int


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking, with the rights of this very request. Build it with `viewer_for`."""

    user: User | None = None
    grants: tuple[Grant, ...] = ()
    organisation_roles: frozenset[str] = frozenset()
    token: ApiToken | None = field(default=None, compare=False)

    @property
    def by_context(self) -> dict[UUID, Grant]:
        return {grant.context_id: grant for grant in self.grants}

    @property
    def may_write(self) -> bool:
        return self.token is None or self.token.can_write

    @property
    def rights(self) -> str:
        """What decides which records, and how much of each, this viewer is shown (for ETags)."""
        grants = sorted(f"{g.context_id}:{g.role}:{g.clearance}" for g in self.grants)
        roles = sorted(self.organisation_roles)
        return f"{self.user and self.user.pk} {self.token is not None} {roles} {grants}"

    def clearance(self, context_id: UUID | None) -> int:
        """The clearance (0-4) in this context; 0 outside."""
        grant = self.by_context.get(context_id) if context_id else None
        return grant.clearance if grant else 0

    def role(self, context_id: UUID | None) -> str:
        grant = self.by_context.get(context_id) if context_id else None
        return grant.role if grant else ""


NOBODY = Viewer()


def viewer_for(user: Any, token: ApiToken | None = None) -> Viewer:
    """The rights this person has now, cut to the token's scope. Never cached: changes bite."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    rows = list(_current(_in_scope(Membership.objects.filter(user=user), token)).order_by("pk"))
    ceiling = TOKEN_CEILING if token else 4
    grants = tuple(
        Grant(row.context_id, row.role, min(row.clearance, ceiling))
        for row in rows
        if row.context_id
    )
    return Viewer(user, grants, frozenset(r.role for r in rows if not r.context_id), token)


def _in_scope(memberships: QuerySet[Membership], token: ApiToken | None) -> QuerySet[Membership]:
    """Those in the contexts that the token is made for; all of them if it names none."""
    if token is None:
        return memberships
    scope = ApiToken.contexts.through._default_manager.filter(apitoken=token.pk)
    return memberships.filter(
        Q(context=None) | ~Exists(scope) | Exists(scope.filter(context=OuterRef("context")))
    )


def _current(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    today = timezone.localdate()
    return memberships.filter(
        Q(began_on=None) | Q(began_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today)
    )


def _allows(role: str, verbs: str, kind: str) -> bool:
    return any(verb in matrix().get(kind, {}).get(role, "") for verb in verbs)


def grants_for(viewer: Viewer, verb: str, kind: str) -> tuple[Grant, ...]:
    """The viewer's grants whose role allows the verb on this kind ("read" is r or p)."""
    if verb not in ("r", "p") and not viewer.may_write:
        return ()
    if viewer.token is not None and kind in NEVER_BY_TOKEN:
        return ()
    verbs = "rp" if verb == "r" else verb
    return tuple(grant for grant in viewer.grants if _allows(grant.role, verbs, kind))


def within(
    viewer: Viewer, kind: str, *, verb: str = "r", context: str = "context", level: str = "level"
) -> Q:
    """The condition under which rows of this kind are the viewer's to read (or act on).

    `context` and `level` name the columns, so that joined tables can be limited too.
    """
    contexts_at: dict[int, list[UUID]] = {}
    for grant in grants_for(viewer, verb, kind):
        contexts_at.setdefault(grant.clearance, []).append(grant.context_id)
    condition = Q(pk__in=[])
    for clearance, contexts in contexts_at.items():
        condition |= Q(**{f"{context}__in": contexts, f"{level}__lte": clearance})
    return condition


def visible(viewer: Viewer, rows: QuerySet[M], *, verb: str = "r") -> QuerySet[M]:
    """Those of `rows` (one kind of guarded record) on which the viewer may do this."""
    model: Any = rows.model
    return rows.filter(within(viewer, model.kind, verb=verb)).exclude(state=DELETED)


def visible_reference(viewer: Viewer, rows: QuerySet[M], *, verb: str = "r") -> QuerySet[M]:
    """Armed groups or NGOs: the reference list (no context) plus what is known in own contexts."""
    model: Any = rows.model
    condition = within(viewer, model.kind, verb=verb)
    if grants_for(viewer, verb, "reference"):
        condition |= Q(context=None)
    return rows.filter(condition).exclude(state=DELETED)


def visible_contexts(viewer: Viewer, rows: QuerySet[M], *, verb: str = "r") -> QuerySet[M]:
    """The contexts in which the viewer's role allows this."""
    return rows.filter(pk__in=[g.context_id for g in grants_for(viewer, verb, "context")])


def may(viewer: Viewer, verb: str, record: Any) -> bool:
    """The same rule for one record; `visible` must agree with it on every row."""
    if getattr(record, "state", "") == DELETED:
        return False
    if record.kind == "context":
        return any(g.context_id == record.pk for g in grants_for(viewer, verb, "context"))
    if record.context_id is None:
        return bool(grants_for(viewer, verb, "reference"))
    return may_in(viewer, verb, record.kind, record.context_id, level=record.level)


def may_in(
    viewer: Viewer, verb: str, kind: str, context_id: UUID | None, *, level: int = 1
) -> bool:
    """May the viewer do this with a record of this kind and level in this context?"""
    return any(
        grant.context_id == context_id and grant.clearance >= level
        for grant in grants_for(viewer, verb, kind)
    )


def reads_in_full(viewer: Viewer, record: Any) -> bool:
    """True for r, False for p: the role sees the structured part only, coarse from level 3 on."""
    if record.context_id is None:
        return bool(grants_for(viewer, "r", "reference"))
    grant = viewer.by_context.get(record.context_id)
    return grant is not None and _allows(grant.role, "r", record.kind)


def coarse_contexts(viewer: Viewer, kind: str) -> list[UUID]:
    """The contexts in which this kind is read pseudonymised."""
    return [
        grant.context_id
        for grant in viewer.grants
        if _allows(grant.role, "p", kind) and not _allows(grant.role, "r", kind)
    ]


def readers_of(context_id: UUID, level: int, kind: str) -> list[tuple[User, str]]:
    """Who could read a record of this kind and level in this context: (user, role), by name."""
    rows = _current(
        Membership.objects.filter(context=context_id, clearance__gte=level, user__is_active=True)
    ).select_related("user")
    return sorted(
        ((row.user, row.role) for row in rows if _allows(row.role, "rp", kind)),
        key=lambda pair: pair[0].name,
    )


def because(viewer: Viewer, record: Any) -> str:
    """Why the viewer sees this record, in one sentence."""
    if record.context_id is None:
        return "You see this because it is on the reference list of armed groups and NGOs."
    grant = viewer.by_context[record.context_id]
    role = dict(Membership._meta.get_field("role").flatchoices)[grant.role]
    return (
        f"You see this because you work as {role} in this context, cleared to level "
        f"{grant.clearance}; this record is level {record.level}."
    )
