"""Whatever is sent is refused with a sentence by its field, or taken; nothing is partly saved."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.apps import apps

from records.models import Job
from tests.engagements import sent

DEEP: dict = {}
for _ in range(60):
    DEEP = {"deeper": DEEP}

ITEM = {"item": "Water", "state": "agreed", "side": "ours"}
CLAUSE = {"norm": "N11", "obligation": "do", "text": "Register every child"}
PARTY = {"name": "River Front", "kind": "armed_group", "role": "signatory"}
SOURCE = {"kind": "press", "reference": "A newspaper"}

# What is sent for a field of a meeting -> the field that the answer names.
MEETING = [
    ({"held_on": "2026-02-30"}, "held_on"),
    ({"held_on": sent.day(-1)}, "held_on"),
    ({"held_on": "0000"}, "held_on"),
    ({"held_on": "1812-06-24"}, "held_on"),
    ({"held_on": "20261120"}, "held_on"),
    ({"held_on": 20261120}, "held_on"),
    ({"held_on": None}, "held_on"),
    ({"held_on": "2026-05", "date_precision": "day"}, "held_on"),
    ({"held_on": "2026-05", "date_precision": "season"}, "held_on"),
    ({"date_precision": "hour"}, "date_precision"),
    ({"type": "party"}, "type"),
    ({"type": ["norm"]}, "type"),
    ({"type": None}, "type"),
    ({"channel": "telepathy"}, "channel"),
    ({"channel": None}, "channel"),
    ({"highest_level": "L9"}, "highest_level"),
    ({"highest_level": ""}, "highest_level"),
    ({"levels": "L1"}, "levels"),
    ({"levels": ["L1", "L9"]}, "levels.1"),
    ({"outcome": 6}, "outcome"),
    ({"outcome": -3}, "outcome"),
    ({"outcome": "2"}, "outcome"),
    ({"outcome": True}, "outcome"),
    ({"outcome": 2.5}, "outcome"),
    ({"outcome": None}, "outcome"),
    ({"outcome": 10**30}, "outcome"),
    ({"trust": 5}, "trust"),
    ({"trust": False}, "trust"),
    ({"held": "yes"}, "held"),
    ({"held": False}, "outcome"),
    ({"held": False, "outcome": None, "readings": [{"factor": "QI1", "rating": 1}]}, "readings"),
    ({"type": "cancel"}, "held"),
    ({"topics": ["N21"]}, "topics.0"),
    ({"topics": ["GEN"]}, "topics"),
    ({"topics": [["N01"]]}, "topics.0"),
    ({"summary": 5}, "summary"),
    ({"summary": "x" * 20_001}, "summary"),
    ({"place": "North"}, "place"),
    ({"place": {"country": "Valdoria"}}, "place.country"),
    ({"place": {"country": "xv"}}, "place"),
    ({"place": {"admin1": "x" * 101}}, "place.admin1"),
    ({"place": {"lat": 3}}, "place.lat"),
    ({"participants": {}}, "participants"),
    ({"participants": [{"counterpart": "nobody"}]}, "participants.0.counterpart"),
    ({"participants": [{"counterpart": str(uuid4())}]}, "participants.0.counterpart"),
    ({"participants": [5]}, "participants.0"),
    ({"readings": [{"factor": "QI9", "rating": 1}]}, "readings"),
    ({"readings": [{"factor": "EN1", "rating": 1}]}, "readings"),
    ({"readings": [{"factor": "QI1", "rating": 5}]}, "readings.0.rating"),
    ({"readings": [{"factor": "QI1", "rating": "3"}]}, "readings.0.rating"),
    ({"readings": [{"factor": "QI1"}]}, "readings.0.rating"),
    ({"readings": [{"factor": "QI1", "rating": 1}] * 2}, "readings"),
    ({"readings": [{"factor": "QI1", "rating": 1, "weight": 9}]}, "readings.0.weight"),
    ({"evidence": [{"criterion": "Z1", "rating": 1}]}, "evidence"),
    ({"evidence": [{"criterion": "D1", "rating": "na"}]}, "evidence.0.rating"),
    (
        {"practical_items": [{"item": "", "state": "agreed", "side": "ours"}]},
        "practical_items.0.item",
    ),
    (
        {"practical_items": [{"item": "x", "state": "lost", "side": "ours"}]},
        "practical_items.0.state",
    ),
    ({"next_step": {"who": "us"}}, "next_step.what"),
    ({"next_step": {"what": "Call", "due_on": "soon"}}, "next_step.due_on"),
    ({"next_step": {"what": "Call", "due_on": "2026-13-01"}}, "next_step.due_on"),
    ({"next_step": ["Call"]}, "next_step"),
    ({"grade": "Z9"}, "grade"),
    ({"grade": "B"}, "grade"),
    ({"level": 0}, "level"),
    ({"level": 5}, "level"),
    ({"level": "3"}, "level"),
    ({"details": []}, "details"),
    ({"details": {"weather": {}}}, "details.weather"),
    ({"details": {"objections": {"heard": ["rain"]}}}, "details.objections.heard"),
    ({"details": {"objections": {"heard": [["none"]]}}}, "details.objections.heard"),
    ({"details": {"iceberg": {"position": 5}}}, "details.iceberg.position"),
    ({"details": {"setting": {"politicised": 9}}}, "details.setting.politicised"),
    ({"details": {"setting": {"politicised": {"a": 1}}}}, "details.setting.politicised"),
    ({"details": {"violation_talk": {"incident": "x"}}}, "details.violation_talk.incident"),
    ({"engagement": None}, "engagement"),
    ({"engagement": "x"}, "engagement"),
    ({"engagement": str(uuid4())}, "engagement"),
    ({"engagement": [1]}, "engagement"),
    ({"plan": str(uuid4())}, "plan"),
    ({"joint": "table"}, "joint"),
    ({"joint": 7}, "joint"),
    ({"author": "me"}, "author"),
    ({"context": str(uuid4())}, "context"),
    ({"summary": "a\x00b"}, "summary"),
    ({"summary": "\ud800"}, "summary"),
    ({"details": DEEP}, ""),
    ({"id": "not-a-uuid"}, "id"),
]

# Other nouns: address, what is wrong, the field that the answer names.
OTHERS = [
    ("engagements", {"status": "asleep"}, "status"),
    ("engagements", {}, "armed_group"),
    ("engagements", {"started_on": "long ago"}, "started_on"),
    ("dossiers", {"norm": "N99"}, "norm"),
    ("dossiers", {"norm": "GEN"}, "norm"),
    ("dossiers", {"opened_on": "2026"}, "opened_on"),
    ("dossiers", {"closed_on": sent.day()}, "closed_on"),
    ("plans", {"planned_on": sent.day(1)}, "planned_on"),
    ("plans", {"planned_on": "next week"}, "planned_on"),
    ("plans", {"state": "held"}, "state"),
    ("plans", {"compared": "above"}, "compared"),
    ("plans", {"objections": ["rain"]}, "objections.0"),
    ("plans", {"stakeholders": "elders"}, "stakeholders"),
    ("plans", {"interaction": str(uuid4()), "speaker": 5}, "speaker"),
    ("commitments", {"dossiers": []}, "dossiers"),
    ("commitments", {"dossiers": ["x"]}, "dossiers"),
    ("commitments", {"dossiers": "x"}, "dossiers"),
    ("commitments", {"instrument": "TREATY"}, "instrument"),
    ("commitments", {"title": " "}, "title"),
    ("commitments", {"signed_on": "2026-02-31"}, "signed_on"),
    ("commitments", {"verification": "V9"}, "verification"),
    ("commitments", {"norms": ["GEN"]}, "norms"),
    ("commitments", {"clauses": [{"norm": "N11", "obligation": "do"}]}, "clauses.0.text"),
    (
        "commitments",
        {"clauses": [{"norm": "N1", "obligation": "do", "text": "x"}]},
        "clauses.0.norm",
    ),
    (
        "commitments",
        {"parties": [{"name": "x", "kind": "spy", "role": "witness"}]},
        "parties.0.kind",
    ),
    (
        "commitments",
        {"sources": [{"kind": "press", "reference": "x", "grade": "9"}]},
        "sources.0.grade",
    ),
    ("incidents", {"category": "theft"}, "category"),
    ("incidents", {"occurred_on": sent.day(-3)}, "occurred_on"),
    ("incidents", {"victims": -1}, "victims"),
    ("incidents", {"victims": 2.5}, "victims"),
    ("incidents", {"victims": 10**12}, "victims"),
    ("incidents", {"child_victim": "no"}, "child_victim"),
    ("incidents", {"commitments": [str(uuid4())]}, "commitments"),
    ("incidents", {"armed_group": str(uuid4())}, "armed_group"),
    ("observations", {"quarter": "2026-08"}, "quarter"),
    ("observations", {"quarter": "2026"}, "quarter"),
    ("observations", {"location_months": -1}, "location_months"),
    ("observations", {"location_months": "many"}, "location_months"),
    ("observations", {"location_months": 1.234}, "location_months"),
    ("observations", {"location_months": 10**9}, "location_months"),
    ("assessments", {"as_of": sent.day(-1)}, "as_of"),
    ("assessments", {"ratings": [{"criterion": "D1", "rating": 5}]}, "ratings.0.rating"),
    ("assessments", {"ratings": [{"criterion": "D1", "rating": "na"}]}, "ratings"),
    ("assessments", {"ratings": [{"criterion": "X1", "rating": 1}]}, "ratings.0.criterion"),
    ("assessments", {"ratings": [{"criterion": "D1", "rating": 1}] * 2}, "ratings"),
    (
        "assessments",
        {"ratings": [{"criterion": "D1", "rating": 1, "evidence": ["x"]}]},
        "ratings.0.evidence",
    ),
    (
        "assessments",
        {"ratings": [{"criterion": "D1", "rating": 1, "observed_on": sent.day(-9)}]},
        "ratings",
    ),
    ("assessments", {"gates": [{"gate": "unlocked", "met": True}]}, "gates.0.gate"),
    ("assessments", {"gates": [{"gate": "norm_accepted", "met": "yes"}]}, "gates.0.met"),
    ("blockers", {"reason": "core_aim"}, "reason"),
    ("blockers", {"reason": "rain"}, "reason"),
    ("blockers", {"note": ""}, "note"),
    ("blockers", {"raised_on": sent.day(-1)}, "raised_on"),
]


def rows_of_everything():
    """How many rows every table of ours has."""
    ours = ("engagements", "scorecards", "records")
    models = [model for name in ours for model in apps.get_app_config(name).get_models()]
    return {model.__name__: model._default_manager.count() for model in models}


def test_a_bad_meeting_is_refused_by_its_field_and_leaves_nothing(cast, subtests):
    api, before = cast.amina.api(), rows_of_everything()
    for wrong, field in MEETING:
        with subtests.test(str(wrong)[:80]):
            told = sent.refused(api.post("interactions/", sent.meeting(cast, **wrong)))
            assert field in told
            assert told[field][0].isupper() or told[field][0] in '“"0123456789'
            assert len(told[field]) > 8
    assert rows_of_everything() == before


def test_a_bad_correction_leaves_the_meeting_as_it_was(cast, subtests):
    api = cast.amina.api()
    row = sent.saved(api, "interactions/", sent.meeting(cast))
    before, path = rows_of_everything(), f"interactions/{row['id']}/"
    tag = api.etag(path)
    for wrong, field in MEETING:
        if field in ("id", "date_precision") or wrong == {"level": 0}:
            continue
        with subtests.test(str(wrong)[:80]):
            answer = api.patch(path, wrong, If_Match=tag)
            assert answer.status_code == 400, answer.content
            assert field in sent.refused(answer)
    assert rows_of_everything() == before
    assert api.get(path).json() == row


def test_other_bad_records_are_refused_by_their_field_and_leave_nothing(cast, subtests):
    api, before = cast.amina.api(), rows_of_everything()
    bodies = {
        "engagements": sent.engagement(cast),
        "dossiers": sent.dossier(cast),
        "plans": sent.plan(cast),
        "commitments": sent.commitment(cast),
        "incidents": sent.incident(cast),
        "observations": sent.observation(cast),
        "assessments": sent.assessment(cast),
        "blockers": sent.blocker(cast),
    }
    for noun, wrong, field in OTHERS:
        with subtests.test(f"{noun} {wrong}"[:80]):
            told = sent.refused(api.post(f"{noun}/", bodies[noun] | wrong))
            assert field in told
            assert len(told[field]) > 8
    assert rows_of_everything() == before


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b'{"a": NaN}', b'{"a":1,"a":2}'])
def test_what_is_no_object_is_refused(cast, body):
    assert cast.amina.api().call("POST", "interactions/", body).status_code == 400


def test_a_body_of_more_than_a_mebibyte_is_refused(cast):
    body = sent.meeting(cast, summary="x" * (1024 * 1024))
    assert cast.amina.api().post("interactions/", body).status_code == 413
    assert not Job.objects.filter(key="").exists()


def test_a_claim_or_follow_up_without_its_note_stays_open(cast):
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast))["id"]
    claim = sent.saved(api, "claims/", sent.claim(held))["id"]
    step = sent.saved(api, "follow-ups/", sent.follow_up(held))["id"]
    assert "settled_by" in sent.refused(api.patch(f"claims/{claim}/", {"state": "kept"}))
    assert "done_note" in sent.refused(api.patch(f"follow-ups/{step}/", {"state": "done"}))
    assert "interaction" in sent.refused(api.post("follow-ups/", {"what": "Nothing"}))
    assert "text" in sent.refused(api.post("claims/", sent.claim(held, text="")))
