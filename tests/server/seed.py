"""A small register for server mode: one delegate with a token, and engagements to spare.

Run with the servers' own settings, by `manage.py shell`.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from accounts.access import viewer_for
from accounts.models import Context, Membership, User
from accounts.services.tokens import mint_token
from actors.models import ArmedGroup, Ngo
from engagements.services.dossiers import open_engagement
from records.dates import PartialDate
from records.sealing import create_key

ENGAGEMENTS = 40  # each test takes fresh ones


def seed() -> None:
    """Make the register, and print as JSON what the tests need to know of it."""
    with transaction.atomic():
        context = Context.objects.create(code="valdoria", name="Valdoria")
        create_key(context.pk)
        amina = User.objects.create_user("amina", name="Amina", is_sample=True)
        Membership.objects.create(user=amina, context=context, role="delegate", clearance=3)
        _, token = mint_token(owner=amina, name="tests of server mode", can_write=True)
        ngo = Ngo.objects.create(name="Dialogue for Rules")
    found = [open_one(amina, context, ngo, number) for number in range(ENGAGEMENTS)]
    print(json.dumps({"token": token, "engagements": found}))


def open_one(amina: User, context: Context, ngo: Ngo, number: int) -> dict[str, Any]:
    group = ArmedGroup(name=f"Valdorian Front {number}")
    group.active_from = PartialDate.parse("2024-03")
    group.save()
    engagement = open_engagement(viewer_for(amina), ngo=ngo, armed_group=group, context=context)
    return {"id": str(engagement.pk), "dossier": str(engagement.dossiers.get().pk)}
