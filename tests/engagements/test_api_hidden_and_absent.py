"""What one may not see does not exist: same answer, same words, everywhere."""

from __future__ import annotations

from uuid import uuid4

from actors.models import Counterpart
from engagements.models import Plan
from engagements.services.dossiers import open_engagement
from tests.cast import a_group
from tests.engagements import sent

ACTS = {"GET": "", "PATCH": "", "PUT": "", "DELETE": "", "POST": "withdraw/"}


def answers(api, noun, pk):
    """Status and body to each method, without what differs from request to request."""
    found = []
    for method, act in ACTS.items():
        answer = api.call(method, f"{noun}/{pk}/{act}", {"reason": "x"}, If_Match='"x"')
        found.append((method, answer.status_code, answer.json() | {"request_id": ""}))
    return found


def test_a_hidden_record_answers_as_an_invented_one_to_every_method(cast, subtests):
    rows = sent.every_noun(cast)
    oskar = cast.oskar.api()
    for noun, row in rows.items():
        with subtests.test(noun):
            hidden, absent = answers(oskar, noun, row["id"]), answers(oskar, noun, uuid4())
            assert hidden == absent
            # 405 is the same for all: nothing of this noun is deleted.
            assert {status for _, status, _ in hidden} in ({404}, {404, 405})
    for noun in ("scorecards", "success-factors"):
        for rest in ("", "history/", "evidence/"):
            hidden = oskar.get(f"{noun}/{cast.dossier.pk}/{rest}")
            absent = oskar.get(f"{noun}/{uuid4()}/{rest}")
            assert hidden.status_code == absent.status_code == 404
            assert hidden.json() | {"request_id": ""} == absent.json() | {"request_id": ""}


def test_a_hidden_id_in_a_field_is_refused_as_an_invented_one(cast, subtests):
    rows = sent.every_noun(cast)
    group = a_group("Kestrian Guard")
    far = open_engagement(cast.oskar.viewer, ngo=cast.ngo, armed_group=group, context=cast.kestria)
    stranger = Counterpart.objects.create(
        armed_group=cast.group, context=cast.kestria, code="K1", rank="L1"
    )
    api = cast.amina.api()
    held = rows["interactions"]["id"]
    own = {
        "engagement": (far.pk, lambda pk: ("interactions/", sent.meeting(cast, engagement=pk))),
        "counterpart": (
            stranger.pk,
            lambda pk: (
                "interactions/",
                sent.meeting(cast, participants=[{"counterpart": pk}]),
            ),
        ),
        "dossier": (
            far.dossiers.get().pk,
            lambda pk: ("assessments/", sent.assessment(cast, dossier=pk)),
        ),
        "dossiers": (
            far.dossiers.get().pk,
            lambda pk: ("commitments/", sent.commitment(cast, dossiers=[pk])),
        ),
        "context": (cast.kestria.pk, lambda pk: ("incidents/", sent.incident(cast, context=pk))),
        "owner": (cast.oskar.user.pk, lambda pk: ("follow-ups/", sent.follow_up(held, owner=pk))),
        "evidence": (
            far.pk,
            lambda pk: (
                "assessments/",
                sent.assessment(cast, ratings=[{"criterion": "D1", "rating": 1, "evidence": [pk]}]),
            ),
        ),
        "details": (
            uuid4(),
            lambda pk: (
                "interactions/",
                sent.meeting(cast, details={"violation_talk": {"incident": pk}}),
            ),
        ),
    }
    for field, (hidden, body) in own.items():
        with subtests.test(field):
            told = [sent.refused(api.post(*body(str(pk)))) for pk in (hidden, uuid4())]
            assert told[0] == told[1]
            assert field in next(iter(told[0]))


def test_filters_by_a_hidden_id_find_as_much_as_by_an_invented_one(cast, subtests):
    sent.every_noun(cast)
    oskar = cast.oskar.api()
    for address in (
        f"interactions/?dossier={cast.dossier.pk}",
        f"interactions/?engagement={cast.engagement.pk}",
        f"incidents/?dossier={cast.dossier.pk}",
        f"commitments/?dossier={cast.dossier.pk}",
        f"success-factors/?dossier={cast.dossier.pk}",
        f"follow-ups/?dossier={cast.dossier.pk}&count=true",
    ):
        with subtests.test(address):
            answer = oskar.get(address).json()
            assert answer["results"] == []
            assert answer.get("count", 0) == 0


def test_a_person_above_ones_clearance_is_not_among_those_met(cast):
    amina, rosa = cast.amina.api(), cast.rosa
    met = {
        level: Counterpart.objects.create(
            armed_group=cast.group, context=cast.valdoria, code=f"P{level}", rank="L2", level=level
        )
        for level in (3, 4)
    }
    assert rosa.viewer.clearance(cast.valdoria.pk) == 4
    people = [{"counterpart": str(met[3].pk), "mandate": "yes"}]
    row = sent.saved(amina, "interactions/", sent.meeting(cast, participants=people))
    path = f"interactions/{row['id']}/"
    hidden = sent.meeting(cast, participants=[{"counterpart": str(met[4].pk)}])
    assert "participants.0.counterpart" in sent.refused(amina.post("interactions/", hidden))
    Counterpart.objects.filter(pk=met[3].pk).update(level=4)
    assert amina.get(path).json()["participants"] == []
    assert amina.patch(path, {"participants": []}).status_code == 200
    Counterpart.objects.filter(pk=met[3].pk).update(level=3)
    kept = amina.get(path).json()["participants"]
    assert [row["counterpart"] for row in kept] == [str(met[3].pk)]


def test_a_level_above_ones_own_clearance_is_refused_with_a_way_out(cast):
    api = cast.amina.api()
    told = sent.refused(api.post("interactions/", sent.meeting(cast, level=4)))
    assert "Choose level 3 or lower" in told["level"]
    row = sent.saved(api, "interactions/", sent.meeting(cast, level=2))
    path = f"interactions/{row['id']}/"
    assert api.patch(path, {"level": 3}).json()["level"] == 3
    assert "head" in sent.refused(api.patch(path, {"level": 2, "reason": "Public"}))["level"]
    rosa = cast.rosa.api()
    assert "reason" in sent.refused(rosa.patch(path, {"level": 2}))
    assert rosa.patch(path, {"level": 2, "reason": "Public"}).json()["level"] == 2


def test_raising_an_engagement_raises_what_stands_in_it(cast):
    rows = sent.every_noun(cast)
    api = cast.amina.api()
    raised = {"level": 3, "reason": "The contact itself must not be known"}
    assert api.patch(f"engagements/{cast.engagement.pk}/", raised).status_code == 200
    for noun in ("dossiers", "commitments", "blockers", "plans", "claims", "interactions"):
        assert api.get(f"{noun}/{rows[noun]['id']}/").json()["level"] >= 3, noun


def test_a_hidden_plan_is_not_found_by_a_filter(cast):
    api = cast.amina.api()
    plan = sent.saved(api, "plans/", sent.plan(cast))["id"]
    held = sent.saved(api, "interactions/", sent.meeting(cast, plan=plan))["id"]
    assert api.ids(f"interactions/?plan={plan}") == [held]
    assert cast.ann.api().ids(f"interactions/?plan={plan}") == []
    Plan.objects.filter(pk=plan).update(level=4)
    assert api.ids(f"interactions/?plan={plan}") == []
    assert api.ids("interactions/?plan__empty=false") == []
    assert api.ids("interactions/?plan__empty=true") == [held]
    claim = sent.saved(api, "claims/", sent.claim(held))["id"]
    step = sent.saved(api, "follow-ups/", sent.follow_up(held, claim=claim))["id"]
    assert api.ids(f"follow-ups/?claim={claim}") == [step]
    assert cast.ann.api().ids(f"follow-ups/?claim={claim}") == []
