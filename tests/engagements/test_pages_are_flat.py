"""A page with twenty of everything asks the database as often as a page with two."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from engagements.tasks import sweep_jobs
from tests.cast import a_group, an_ngo
from tests.engagements import sent

KINDS = 2  # kinds of record that may join the reasons and the evidence: one statement each
NORMS = [f"N{n:02}" for n in range(1, 21)]


def fill(cast, number, start=0):
    api, head = cast.amina.api(), cast.rosa.api()
    for n in range(start, start + number):
        a_group(f"Band {n}")
        an_ngo(f"House {n}")
        told = sent.meeting(
            cast,
            topics=NORMS[n : n + 1],
            next_step={"what": "Call", "due_on": sent.day(-3)},
            readings=[{"factor": "GR4", "rating": n % 5}],
            evidence=[{"criterion": "D1", "rating": 1}],
        )
        held = sent.saved(api, "interactions/", told)["id"]
        sent.saved(api, "claims/", sent.claim(held, due_on=sent.day(-5)))
        bound = sent.saved(api, "commitments/", sent.commitment(cast))["id"]
        sent.saved(api, "incidents/", sent.incident(cast, commitments=[bound]))
        sent.saved(api, "observations/", sent.observation(cast))
        sent.saved(api, "plans/", sent.plan(cast))
        sent.saved(api, "dossiers/", sent.dossier(cast, norm=NORMS[n]))
        rated = [{"criterion": f"D{n % 11 + 1}", "rating": 2, "evidence": [held]}]
        made = sent.saved(api, "assessments/", sent.assessment(cast, ratings=rated))["id"]
        api.post(f"assessments/{made}/submit/")
        head.post(f"assessments/{made}/finalise/")
    sweep_jobs()


def pages(cast):
    pk = cast.dossier.pk
    return [
        "/",
        "/groups/",
        "/ngos/",
        "/meetings/",
        "/promises/",
        "/commitments/",
        "/incidents/",
        "/observations/",
        reverse("group", args=[cast.group.pk]),
        reverse("ngo", args=[cast.ngo.pk]),
        reverse("dossier", args=[pk]),
        reverse("scores_json", args=[pk]),
        reverse("evidence", args=[pk, "scorecard"]),
        reverse("evidence", args=[pk, "success-factors"]),
        reverse("assess", args=[pk]),
        f"{reverse('compare')}?dossier={pk}&at=2026-01-31&at=",
    ]


def counted(cast):
    """Statements for each page and person, with a month of movement on the home page."""
    User.objects.update(home_seen_at=timezone.now() - timedelta(days=30))
    return {
        (person.user.name, address): asked(client, address)
        for person in (cast.amina, cast.ann)
        for client in [person.page]
        for address in pages(cast)
    }


def asked(client, address):
    client.get(address)  # what a first look writes once is not counted
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


def test_pages_with_two_and_with_twenty_rows_cost_the_same(cast):
    fill(cast, 2)
    few = counted(cast)
    fill(cast, 18, start=2)
    many = counted(cast)
    grown = {page: (few[page], many[page]) for page in few if many[page] > few[page] + KINDS}
    assert grown == {}
    assert max(many.values()) <= 50
