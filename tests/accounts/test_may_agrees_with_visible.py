"""The predicate and its queryset form are one rule: on random worlds they answer alike."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.access import NOBODY, Viewer, may, viewer_for, visible, visible_reference
from accounts.models import ORGANISATION_WIDE, ApiToken, Context, Membership, Role, User
from actors.models import ArmedGroup, ContextFact, Counterpart
from records.models.records import CURRENT, DELETED, WITHDRAWN

pytestmark = pytest.mark.django_db

VERBS = "rcud"


class World:
    """Contexts, people with memberships, and records of every level and state."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.contexts = [Context.objects.create(code=f"c{n}", name=f"C{n}") for n in range(3)]
        self.users = [self.user(n) for n in range(6)]
        self.groups = [self.group() for _ in range(12)]
        for _ in range(30):
            self.record()

    def user(self, number: int) -> User:
        user = User.objects.create(
            username=f"u{number}", name="U", is_active=self.chance.random() < 0.9
        )
        for context in self.chance.sample(self.contexts, self.chance.randint(0, 3)):
            role = self.chance.choice([Role.DELEGATE, Role.HEAD, Role.ANALYST])
            lowest = 3 if role == Role.DELEGATE else 1
            ends = timezone.localdate() + timedelta(days=self.chance.choice([-1, 0, 400]))
            Membership.objects.create(
                user=user,
                context=context,
                role=role,
                clearance=self.chance.randint(lowest, 4),
                ends_on=self.chance.choice([None, ends]),
            )
        if self.chance.random() < 0.3:
            role = self.chance.choice(ORGANISATION_WIDE)
            Membership.objects.create(user=user, context=None, role=role, clearance=4)
        return user

    def group(self) -> ArmedGroup:
        context = self.chance.choice([None, *self.contexts])
        level = self.chance.randint(1, 4) if context else 1
        return ArmedGroup.objects.create(name="G", context=context, level=level, state=self.state())

    def state(self) -> str:
        return self.chance.choice([CURRENT, CURRENT, WITHDRAWN, DELETED])

    def record(self) -> None:
        place = {
            "context": self.chance.choice(self.contexts),
            "level": self.chance.randint(1, 4),
            "state": self.state(),
        }
        ContextFact.objects.create(fact="intensity", value="I1", **place)
        Counterpart.objects.create(
            armed_group=self.chance.choice(self.groups), code="x", rank="L1", **place
        )

    def viewers(self) -> list[Viewer]:
        everybody = [viewer_for(user) for user in self.users]
        return [NOBODY, *everybody, *(self.by_token(user) for user in self.users)]

    def by_token(self, user: User) -> Viewer:
        token = ApiToken.objects.create(
            owner=user,
            name="t",
            digest=uuid4().hex,
            can_write=self.chance.random() < 0.5,
            expires_at=timezone.now() + timedelta(days=1),
        )
        token.contexts.set(self.chance.sample(self.contexts, self.chance.randint(0, 2)))
        return viewer_for(user, token)


@pytest.mark.parametrize("seed", range(6))
def test_may_and_visible_answer_alike(seed):
    world = World(seed)
    for viewer in world.viewers():
        for verb in VERBS:
            for model, scoped in (
                (ContextFact, visible),
                (Counterpart, visible),
                (ArmedGroup, visible_reference),
            ):
                shown = set(scoped(viewer, model.objects.all(), verb=verb))
                assert shown == {row for row in model.objects.all() if may(viewer, verb, row)}


@pytest.mark.parametrize("seed", range(6))
def test_nobody_sees_above_clearance_outside_membership_or_what_was_deleted(seed):
    world = World(seed)
    for viewer in world.viewers():
        for row in visible(viewer, ContextFact.objects.all()):
            grant = viewer.by_context[row.context_id]
            assert row.level <= grant.clearance
            assert row.state != DELETED
            assert viewer.user is not None
            assert viewer.user.is_active
            assert viewer.token is None or row.level <= 3


def test_a_token_never_carries_more_than_its_owner_has_now():
    world = World(1)
    for user in world.users:
        own = {(g.context_id, g.role): g.clearance for g in viewer_for(user).grants}
        for grant in world.by_token(user).grants:
            assert grant.clearance <= min(3, own[grant.context_id, grant.role])
