"""The people of the sample, their contexts and the keys that seal them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from accounts.models import Context, Membership, Role, User
from engagements.samples.seed import data, fixed_id
from records.sealing import create_key, seal

# Known to everybody on purpose: it opens invented data only, and the pages say so in a banner.
PASSWORD = "lantern-at-the-river"


class Person(NamedTuple):
    username: str
    name: str
    what: str
    grants: dict[str, tuple[Role, int]]  # context -> role and clearance; "" = the organisation


_HISTORIC = "historic"
CAST = (
    Person(
        "amina",
        "Amina (sample)",
        "field delegate in Valdoria, cleared to level 3",
        {"valdoria": (Role.DELEGATE, 3), _HISTORIC: (Role.DELEGATE, 3)},
    ),
    Person(
        "rosa",
        "Rosa (sample)",
        "head of delegation in Valdoria, cleared to level 4",
        {"valdoria": (Role.HEAD, 4), _HISTORIC: (Role.HEAD, 4)},
    ),
    Person(
        "ann",
        "Ann (sample)",
        "analyst, cleared to level 3: the structure of the records, without their texts",
        {
            "valdoria": (Role.ANALYST, 3),
            "kestria": (Role.ANALYST, 3),
            _HISTORIC: (Role.ANALYST, 3),
        },
    ),
    Person(
        "oskar",
        "Oskar (sample)",
        "field delegate in Kestria, cleared to level 3; sees nothing of Valdoria",
        {"kestria": (Role.DELEGATE, 3), _HISTORIC: (Role.DELEGATE, 3)},
    ),
    Person(
        "hanna",
        "Hanna (sample)",
        "head of delegation in Kestria; may put Rosa's draft weight set into force",
        {"kestria": (Role.HEAD, 4)},
    ),
    Person("aude", "Aude (sample)", "auditor: no content", {"": (Role.AUDITOR, 3)}),
    Person("ada", "Ada (sample)", "administrator: no content", {"": (Role.ADMINISTRATOR, 3)}),
)


def add_cast() -> None:
    """Users, contexts and memberships that are not there yet; each context with its key."""
    with transaction.atomic():
        _add_users()
        for table, fields in _contexts():
            Context.objects.get_or_create(pk=fixed_id("context", table), defaults=fields)
        _add_memberships()
    # A key is made once its context is there to stay: nothing may be sealed under a lost one.
    for table, _ in _contexts():
        create_key(fixed_id("context", table))
        # A key that was used outside a transaction is remembered: else each text asks for it.
        seal("key", place="samples.cast", compartment=fixed_id("context", table))


def _add_users() -> None:
    known = set(User.objects.filter(pk__in=_user_ids()).values_list("username", flat=True))
    password = make_password(PASSWORD) if len(known) < len(CAST) else ""
    User.objects.bulk_create(
        User(
            pk=fixed_id("user", person.username),
            username=person.username,
            name=person.name,
            password=password,
            is_sample=True,
        )
        for person in CAST
        if person.username not in known
    )


def _user_ids() -> list[UUID]:
    return [fixed_id("user", person.username) for person in CAST]


def _contexts() -> Iterator[tuple[str, dict[str, object]]]:
    for table in (*data("valdoria")["contexts"], *data("historic")["contexts"]):
        fields = ("code", "name", "countries")
        yield (
            table["key"],
            {name: table[name] for name in fields} | {"floor": table.get("floor", 1)},
        )


def context_ids() -> set[UUID]:
    """The contexts that came with the sample."""
    return {fixed_id("context", key) for key, _ in _contexts()}


def _add_memberships() -> None:
    historic = [table["key"] for table in data("historic")["contexts"]]
    contexts = {key: Context.objects.get(pk=fixed_id("context", key)) for key, _ in _contexts()}
    for person in CAST:
        for place, (role, clearance) in person.grants.items():
            for key in historic if place == _HISTORIC else [place]:
                Membership.objects.get_or_create(
                    user_id=fixed_id("user", person.username),
                    context=contexts.get(key),
                    defaults={"role": role, "clearance": clearance},
                )


def sign_in_lines() -> list[str]:
    """Who may sign in here, with which password: one line each, no address."""
    rows = User.objects.in_bulk(_user_ids())
    there = [(person, rows.get(fixed_id("user", person.username))) for person in CAST]
    shown = cache(_shown_password)
    return [
        f"  {person.username:<6} {shown(user.password)}   {person.what}"
        for person, user in there
        if user is not None and user.is_active
    ]


def _shown_password(stored: str) -> str:
    """Slow by design: asked once for all who still have the one password."""
    return PASSWORD if check_password(PASSWORD, stored) else "(changed)".ljust(len(PASSWORD))
