"""Whatever is written: once the recomputes are done, every published score rests on the facts of
today, at every clearance. An act that forgets to mark a dossier leaves two digests that differ.
"""

from __future__ import annotations

from typing import Any

from engagements.models import Dossier
from engagements.selectors.facts import dossier_facts
from engagements.services.dossiers import open_engagement
from scorecards.models import Standing
from scorecards.scoring.digests import inputs_digest
from tests.cast import Api, Cast, an_ngo, person
from tests.engagements import sent


def outdated() -> list[tuple[str, str, int, str]]:
    """NGO, topic, clearance and kind of every published score that rests on other facts."""
    found = []
    standings = Standing.objects.select_related("scorecard", "success_factors")
    for dossier in Dossier.objects.select_related("engagement__armed_group", "engagement__ngo"):
        facts = dossier_facts(dossier)
        for standing in standings.filter(dossier=dossier):
            fresh = inputs_digest(facts.at_clearance(standing.clearance))
            published: Any = standing
            name, level = dossier.engagement.ngo.name, standing.clearance
            if published.scorecard.inputs_digest != fresh.integration:
                found.append((name, dossier.norm, level, "scorecard"))
            if published.success_factors.inputs_digest != fresh.conduciveness:
                found.append((name, dossier.norm, level, "success factors"))
    return found


def settled(what: str = "") -> None:
    sent.recompute()
    assert outdated() == [], what


def done(answer: Any) -> Any:
    assert answer.status_code < 300, answer.content
    return answer.json() if answer.content else {}


def promise(api: Api, cast: Cast, **meeting: Any) -> Any:
    held = {"held_on": sent.day(30), "topics": ["N05"], "level": 1, **meeting}
    row = sent.saved(api, "interactions/", sent.meeting(cast, **held))
    return sent.saved(api, "claims/", sent.claim(row["id"], due_on=sent.day(10)))


def topics(cast: Cast) -> None:
    """Dossiers on two topics, and a first contact, so that a meeting touches its own alone."""
    api = cast.amina.api()
    for norm in ("N01", "N05"):
        sent.saved(api, "dossiers/", sent.dossier(cast, norm=norm))
    for level in (1, 2, 3):
        body = sent.meeting(cast, held_on=sent.day(300), level=level)
        sent.saved(api, "interactions/", body)


def test_changing_the_meeting_that_settled_a_promise(cast: Cast) -> None:
    topics(cast)
    api = cast.amina.api()
    claim = promise(api, cast)
    shown = sent.saved(api, "interactions/", sent.meeting(cast, topics=["N01"], level=1))
    kept = {"state": "kept", "settled_by": shown["id"]}
    done(api.patch(f"claims/{claim['id']}/", kept))
    settled("settled")
    path = f"interactions/{shown['id']}/"
    done(api.patch(path, {"held_on": sent.day(5)}))
    settled("held earlier")
    done(api.post(f"{path}withdraw/", {"reason": "It was another group"}))
    settled("withdrawn")
    done(api.post(f"{path}restore/", {"reason": "It was this one"}))
    settled("restored")
    done(api.patch(path, {"level": 3}))
    settled("raised")
    asked = f"success-factors/{cast.dossier.pk}/evidence/?factor=QI6&clearance=2"
    assert api.get(asked).json()["results"] == []
    assert api.get(f"claims/{claim['id']}/").json()["level"] == 3


def test_raising_an_engagement_whose_commitment_binds_another(cast: Cast) -> None:
    rosa = cast.rosa.api()
    other = open_engagement(
        cast.amina.viewer, ngo=an_ngo("Harbour Aid"), armed_group=cast.group, context=cast.valdoria
    )
    both = [str(cast.dossier.pk), str(other.dossiers.get().pk)]
    row = sent.saved(rosa, "commitments/", sent.commitment(cast, dossiers=both, level=1))
    incident = sent.incident(cast, category="pillage", commitments=[row["id"]], level=1)
    done(rosa.post("incidents/", incident))
    sent.saved(cast.amina.api(), "dossiers/", sent.dossier(cast, engagement=str(other.pk)))
    settled("stored")
    raised = {"level": 3, "reason": "The contact itself must not be known"}
    done(rosa.patch(f"engagements/{cast.engagement.pk}/", raised))
    settled("raised")


def test_raising_a_dossier_whose_commitment_binds_another(cast: Cast) -> None:
    rosa = cast.rosa.api()
    two = sent.saved(rosa, "dossiers/", sent.dossier(cast))
    body = sent.commitment(cast, dossiers=[str(cast.dossier.pk), two["id"]], level=1)
    sent.saved(rosa, "commitments/", body)
    settled("stored")
    done(rosa.patch(f"dossiers/{two['id']}/", {"level": 3}))
    settled("raised")


def test_raising_a_listed_group_and_lifting_it_to_the_reference_list(cast: Cast) -> None:
    rosa = cast.rosa.api()
    told = {
        "name": "Fen Riders", "context": str(cast.valdoria.pk), "level": 1, "structure": "CEN",
        "listings": [{"list": "un_sanctions", "from": "2020", "source": "Text", "grade": "A1"}],
    }  # fmt: skip
    group = sent.saved(rosa, "armed-groups/", told)
    engagement = sent.saved(rosa, "engagements/", sent.engagement(cast, armed_group=group["id"]))
    dealing = {"engagement": engagement["id"], "level": 1}
    meeting = sent.saved(rosa, "interactions/", sent.meeting(cast, **dealing))
    incident = sent.incident(cast, armed_group=group["id"], level=1)
    incident = sent.saved(rosa, "incidents/", incident)
    settled("stored")
    path = f"armed-groups/{group['id']}/"
    done(rosa.patch(path, {"level": 3}))
    settled("raised")
    lower = person("Lena", "analyst", 2, cast.valdoria).api()
    for named in (
        path, f"engagements/{engagement['id']}/", f"interactions/{meeting['id']}/",
        f"incidents/{incident['id']}/",
    ):  # fmt: skip
        assert lower.get(named).status_code == 404, named
    for noun in ("dossiers", "scorecards", "success-factors"):
        assert group["id"] not in str(lower.get(f"{noun}/").content), noun
    done(rosa.patch(path, {"context": None, "level": 1, "reason": "Publicly known"}))
    settled("lifted")


def test_raising_the_floor_of_a_context(cast: Cast) -> None:
    rosa = cast.rosa.api()
    rows = sent.every_noun(cast)
    for level in (1, 2):
        body = sent.meeting(cast, level=level, readings=[{"factor": "QI1", "rating": level}])
        sent.saved(rosa, "interactions/", body)
        sent.saved(rosa, "incidents/", sent.incident(cast, level=level))
    settled("stored")
    done(rosa.patch(f"contexts/{cast.valdoria.pk}/", {"floor": 3}))
    settled("raised")
    lower = person("Lena", "analyst", 2, cast.valdoria).api()
    for noun in [*rows, "scorecards", "success-factors"]:
        if noun not in ("claims", "plans"):
            assert lower.get(f"{noun}/").json()["results"] == [], noun


def test_every_act_on_every_noun(cast: Cast) -> None:
    topics(cast)
    amina, rosa = cast.amina.api(), cast.rosa.api()
    commitment = sent.saved(amina, "commitments/", sent.commitment(cast, level=1))
    again = {"norms": ["N01"], "status": "in_force", "verification": "V2"}
    acts = {
        "interactions": (
            sent.meeting(cast, topics=["N01"], level=2, trust=3),
            {"topics": ["N05"], "outcome": 4, "held_on": sent.day(50), "grade": "A1"},
        ),
        "commitments": (sent.commitment(cast, level=2), again),
        "incidents": (
            sent.incident(cast, level=1, commitments=[commitment["id"]]),
            {"category": "pillage", "occurred_on": sent.day(70), "child_victim": True},
        ),
        "blockers": (sent.blocker(cast), {}),
        "observations": (sent.observation(cast), {"location_months": 2}),
        "plans": (sent.plan(cast), {"objective": "Another"}),
    }
    for noun, (body, change) in acts.items():
        row = sent.saved(amina, f"{noun}/", body)
        settled(f"{noun} made")
        path = f"{noun}/{row['id']}/"
        if change:
            done(amina.patch(path, change))
            settled(f"{noun} changed")
        if noun != "blockers":
            done(amina.patch(path, {"level": 3}))
            settled(f"{noun} raised")
            done(rosa.patch(path, {"level": 1, "reason": "Known to all"}))
            settled(f"{noun} lowered")
        head = rosa if noun in ("blockers", "commitments") else amina
        for act in ("withdraw", "restore"):
            done(head.post(f"{path}{act}/", {"reason": "A slip"}))
            settled(f"{noun}: {act}")


def test_every_act_on_what_was_promised_and_on_what_ratings_rest_on(cast: Cast) -> None:
    topics(cast)
    amina, rosa = cast.amina.api(), cast.rosa.api()
    claim = promise(amina, cast)
    settled("promised")
    done(amina.patch(f"claims/{claim['id']}/", {"due_on": sent.day(3)}))
    settled("due later")
    for act in ("withdraw", "restore"):
        done(amina.post(f"claims/{claim['id']}/{act}/", {"reason": "A slip"}))
        settled(act)
    body = sent.follow_up(claim["interaction"], due_on=sent.day(9), level=1)
    step = sent.saved(amina, "follow-ups/", body)
    settled("step")
    done(amina.patch(f"follow-ups/{step['id']}/", {"state": "done", "done_note": "Sent"}))
    settled("step done")
    done(amina.patch(f"follow-ups/{step['id']}/", {"state": "dropped"}))
    settled("step dropped")
    ratings = [
        {"criterion": "D1", "rating": 2, "evidence": [claim["interaction"]]},
        {"criterion": "D2", "rating": 1},
    ]
    row = sent.saved(amina, "assessments/", sent.assessment(cast, ratings=ratings))
    done(amina.post(f"assessments/{row['id']}/submit/"))
    done(rosa.post(f"assessments/{row['id']}/finalise/"))
    settled("final")
    path = f"interactions/{claim['interaction']}/"
    for change in ({"grade": "C3"}, {"topics": ["N01"]}, {"level": 3}):
        done(amina.patch(path, change))
        settled(str(change))
    for act in ("withdraw", "restore"):
        done(amina.post(f"{path}{act}/", {"reason": "A slip"}))
        settled(f"evidence: {act}")
        done(rosa.post(f"assessments/{row['id']}/{act}/", {"reason": "A slip"}))
        settled(f"assessment: {act}")


def test_every_act_on_what_surrounds_a_dossier(cast: Cast) -> None:
    topics(cast)
    rosa = cast.rosa.api()
    own = [
        f"contexts/{cast.valdoria.pk}/",
        f"ngos/{cast.ngo.pk}/",
        f"armed-groups/{cast.group.pk}/",
    ]
    dated = {"from": "2023-05", "source": "A report", "grade": "B2"}
    fact = {"kind": "intensity", "value": "I2", **dated}
    steps = [
        (own[0], {"facts": [fact]}),
        (own[0], {"facts": [{**fact, "level": 3}]}),
        (own[0], {"facts": []}),
        (own[1], {"service": [{"context": str(cast.valdoria.pk), "kind": "health", **dated}]}),
        (own[1], {"service": []}),
        (own[2], {"active_from": "2001", "active_from_grade": "B2"}),
        (own[2], {"listings": [{"list": "un_sanctions", **dated}]}),
        (own[2], {"listings": []}),
        (f"engagements/{cast.engagement.pk}/", {"started_on": "2020-03"}),
        (f"dossiers/{cast.dossier.pk}/", {"closed_on": sent.day(100)}),
        (f"dossiers/{cast.dossier.pk}/", {"closed_on": None}),
    ]
    for path, change in steps:
        done(rosa.patch(path, change))
        settled(f"{path} {change}")
