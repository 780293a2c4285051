"""A list of twenty asks the database as often as a list of two."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.engagements import sent

MOST = 8  # statements, the two for the token and its owner's rights included


def asked(api, address, rows):
    with CaptureQueriesContext(connection) as queries:
        answer = api.get(address)
    assert len(answer.json()["results"]) >= rows, address
    return len(queries)


def fill(cast, number):
    api = cast.amina.api()
    norms = [f"N{n:02}" for n in range(1, 21)]
    for _ in range(number):
        planned = sent.saved(api, "plans/", sent.plan(cast))["id"]
        bound = sent.saved(api, "commitments/", sent.commitment(cast))["id"]
        incident = sent.incident(cast, commitments=[bound])
        talked_of = sent.saved(api, "incidents/", incident)["id"]
        full = sent.meeting(
            cast,
            plan=planned,
            details={
                "violation_talk": {"incident": talked_of},
                "commitment": {"commitment": bound},
            },
            topics=norms[:2],
            next_step={"what": "Call"},
            readings=[{"factor": "QI1", "rating": 3}],
            evidence=[{"criterion": "D1", "rating": 1}],
            practical_items=[{"item": "Water", "state": "agreed", "side": "ours"}],
        )
        held = sent.saved(api, "interactions/", full)["id"]
        sent.saved(api, "claims/", sent.claim(held))
        sent.saved(api, "follow-ups/", sent.follow_up(held))
        sent.saved(api, "observations/", sent.observation(cast))
        sent.saved(api, "blockers/", sent.blocker(cast))
        rated = [{"criterion": "D1", "rating": 1, "evidence": [held]}]
        sent.saved(api, "assessments/", sent.assessment(cast, ratings=rated))
        opened = cast.engagement.dossiers.count()
        sent.saved(api, "dossiers/", sent.dossier(cast, norm=norms[opened - 1]))


NOUNS = (
    "interactions", "claims", "follow-ups", "commitments", "incidents", "observations", "plans",
    "blockers", "assessments", "dossiers", "scorecards", "success-factors",
)  # fmt: skip


def test_lists_of_two_and_of_twelve_cost_the_same(cast, subtests):
    fill(cast, 2)
    sent.recompute()
    api = cast.amina.api()
    api.get("interactions/")  # the day of last use is written once
    few = {noun: asked(api, f"{noun}/", 2) for noun in NOUNS}
    fill(cast, 10)
    sent.recompute()
    for noun in NOUNS:
        with subtests.test(noun):
            assert asked(api, f"{noun}/", 10) == few[noun]
            assert few[noun] <= MOST
