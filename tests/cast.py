"""The people and things that tests play with: a pytest plugin.

Amina works in Valdoria as a delegate, Rosa as its head, Ann as an analyst; Oskar is a delegate
of Kestria and sees nothing of Valdoria. Ada administers, Aude audits: both read no content.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.access import Viewer, viewer_for
from accounts.models import Context, Membership, User
from accounts.services.contexts import create_context
from accounts.services.tokens import mint_token
from actors.models import ArmedGroup, GroupName, Ngo, NgoName, NgoType
from engagements.models import Dossier, Engagement
from engagements.services.dossiers import open_engagement
from records.sealing import check_keys

PASSWORD = "a quiet word at the river"


class Api:
    """A program with a token: JSON in, JSON out, paths under /api/v1/."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.client = Client()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = body if isinstance(body, str | bytes) else json.dumps(body)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            path if path.startswith(("/", "http")) else f"/api/v1/{path}",
            sent if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **names},
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        """Change with the ETag of this moment, unless the test brings its own `If_Match`."""
        if "If_Match" not in headers:
            headers["If_Match"] = self.etag(path)
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, body: Any = None, **headers: str) -> Any:
        if "If_Match" not in headers:
            headers["If_Match"] = self.etag(path)
        return self.call("DELETE", path, {} if body is None else body, **headers)

    def etag(self, path: str) -> str:
        return str(self.get(path.partition("?")[0]).headers.get("ETag", '"none"'))

    def ids(self, path: str) -> list[str]:
        """The ids of a list, in its order."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()["results"]]


@dataclass
class Person:
    """Somebody of the cast: their user, what they may see now, and their programs and browser."""

    user: User

    @property
    def viewer(self) -> Viewer:
        return viewer_for(self.user)

    def api(self, *, write: bool = True, contexts: tuple[Context, ...] = ()) -> Api:
        _, text = mint_token(
            owner=self.user, name="tests", can_write=write, contexts=contexts, days=30
        )
        return Api(text)

    @property
    def page(self) -> Client:
        """A browser in which this person is signed in."""
        client = Client()
        client.force_login(self.user, "allauth.account.auth_backends.AuthenticationBackend")
        return client


@dataclass
class Cast:
    valdoria: Context
    kestria: Context
    amina: Person
    rosa: Person
    ann: Person
    oskar: Person
    ada: Person
    aude: Person
    ngo: Ngo
    group: ArmedGroup
    engagement: Engagement
    dossier: Dossier


def person(name: str, role: str, clearance: int = 3, *contexts: Context) -> Person:
    """A user with one membership per context, or one in none for an organisation-wide role."""
    user = User.objects.create_user(name.lower(), PASSWORD, name=name)
    for context in contexts or (None,):
        Membership.objects.create(user=user, context=context, role=role, clearance=clearance)
    return Person(user)


def an_ngo(name: str = "Lantern Dialogue", *, context: Context | None = None) -> Ngo:
    ngo = Ngo.objects.create(name=name, context=context)
    NgoType.objects.create(ngo=ngo, type="DIF", primary=True)
    NgoName.objects.create(ngo=ngo, name=name, kind="official")
    return ngo


def a_group(
    name: str = "Valdorian River Front", *, context: Context | None = None, level: int = 1
) -> ArmedGroup:
    group = ArmedGroup.objects.create(name=name, context=context, level=level)
    GroupName.objects.create(group=group, name=name, kind="official")
    return group


@pytest.fixture
def cast(db: None) -> Cast:
    check_keys()
    valdoria = create_context(code="valdoria", name="Valdoria", countries=["XV"])
    kestria = create_context(code="kestria", name="Kestria", countries=["XK"])
    amina = person("Amina", "delegate", 3, valdoria)
    ngo, group = an_ngo(), a_group()
    engagement = open_engagement(amina.viewer, ngo=ngo, armed_group=group, context=valdoria)
    dossier = Dossier.objects.get(engagement=engagement, norm="GEN")
    Dossier.objects.filter(pk=dossier.pk).update(opened_on=date(2024, 1, 1))
    dossier.refresh_from_db()
    return Cast(
        valdoria=valdoria,
        kestria=kestria,
        amina=amina,
        rosa=person("Rosa", "head", 4, valdoria),
        ann=person("Ann", "analyst", 3, valdoria),
        oskar=person("Oskar", "delegate", 3, kestria),
        ada=person("Ada", "administrator", 1),
        aude=person("Aude", "auditor", 1),
        ngo=ngo,
        group=group,
        engagement=engagement,
        dossier=dossier,
    )
