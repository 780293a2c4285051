"""`what-if` over REST: it says what logging would give, stores nothing, and betrays nothing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.utils import timezone

from engagements.models import Dossier
from tests.engagements import sent

READINGS = [{"factor": "GR4", "rating": 3}, {"factor": "QI1", "rating": 4}]
HEAD = ("dossier", "as_of", "clearance", "method", "engine", "inputs_digest")


@pytest.fixture
def path(cast):
    """A dossier with one meeting, scored."""
    sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast, readings=READINGS))
    sent.recompute()
    return f"success-factors/{cast.dossier.pk}/"


def asked(api, path, body=None, query=""):
    answer = api.post(f"{path}what-if/{query}", body or {})
    assert answer.status_code == 200, answer.content
    return answer.json()


def rows_in_the_register():
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label in ("engagements", "scorecards", "actors", "records")
    }


def test_with_nothing_moved_it_is_the_published_score(cast, path):
    api = cast.amina.api()
    published, found = api.get(path).json(), asked(api, path)
    for name in set(published) - {"computed_at"}:
        assert found[name] == published[name], name
    assert found["computed_at"] is None
    assert found["before"]["score"] == published["score"]
    assert found["before"]["spread"] == found["spread"]
    assert found["relative_likelihood"]["label"] == "relative likelihood, no time horizon"
    assert "planning aid" in found["note"]


def test_the_present_means_give_the_published_score(cast, path):
    api = cast.amina.api()
    published = api.get(path).json()
    means = {row["factor"]: row["mean"] for row in published["factors"] if row["weight"]}
    found = asked(api, path, {"factors": means})
    assert found["score"] == pytest.approx(published["score"], abs=0.01)
    assert found["sd"] == pytest.approx(published["sd"], abs=0.01)


def test_a_factor_moved_moves_the_score_by_its_weight(cast, path):
    api = cast.amina.api()
    before, after = api.get(path).json(), asked(api, path, {"factors": {"GR4": 0.9}})
    old = next(row for row in before["factors"] if row["factor"] == "GR4")
    new = next(row for row in after["factors"] if row["factor"] == "GR4")
    assert new["mean"] == 0.9
    gained = 100 * (0.35 / 11) * (0.9 - old["mean"])
    assert after["score"] - before["score"] == pytest.approx(gained, abs=0.01)
    assert after["spread"]["p5"] < after["spread"]["p50"] < after["spread"]["p95"]
    others = [row for row in after["factors"] if row["factor"] != "GR4"]
    assert others == [row for row in before["factors"] if row["factor"] != "GR4"]


def test_the_same_question_has_the_same_bytes(cast, path):
    api, body = cast.amina.api(), {"factors": {"GR4": 0.9}, "interaction": {"type": "msg"}}
    body["interaction"] |= {"highest_level": "L2", "outcome": 0}
    first, second = (api.post(f"{path}what-if/", body) for _ in range(2))
    assert first.content == second.content


SUPPOSED = [
    {"type": "norm", "highest_level": "L1", "levels": ["L2", "L3"], "outcome": 3},
    {
        "type": "work",
        "highest_level": "LP",
        "outcome": 1,
        "topics": ["N11", "N01"],
        "grade": "A1",
        "readings": [{"factor": "GR4", "rating": 0}, {"factor": "NG1", "rating": 4}],
        "practical_items": [
            {"item": "The clinic", "state": "delivered", "side": "ours"},
            {"item": "The road", "state": "agreed", "side": "theirs"},
        ],
    },
    {"type": "cancel", "held": False},
    {"type": "nego", "highest_level": "L1", "outcome": -2},
    {"type": "msg", "highest_level": "L4", "outcome": 0, "held_on": "2023"},
    {
        "type": "norm",
        "highest_level": "L2",
        "outcome": 0,
        "readings": [{"factor": "GR2", "rating": 0}],
        "held_on": "2026-03",
    },
]


@pytest.mark.parametrize(
    "supposed", SUPPOSED, ids=lambda one: one["type"] + str(one.get("held_on"))
)
@pytest.mark.parametrize("norm", ["GEN", "N11"])
def test_a_supposed_meeting_gives_what_logging_it_then_gives(cast, path, supposed, norm):
    api = cast.amina.api()
    if norm != "GEN":
        cast.dossier = Dossier.objects.get(
            pk=sent.saved(api, "dossiers/", sent.dossier(cast, norm=norm))["id"]
        )
        sent.recompute()
        path = f"success-factors/{cast.dossier.pk}/"
    expected = asked(api, path, {"interaction": supposed})
    sent.saved(
        api,
        "interactions/",
        {**sent.meeting(cast), "outcome": None, "held_on": sent.day()}
        | {"highest_level": None, **supposed},
    )
    sent.recompute()
    logged = api.get(path).json()
    for blocker in (*logged["blockers"], *expected["blockers"]):
        blocker.pop("source")
    for name in set(logged) - {"computed_at", "inputs_digest"}:
        assert logged[name] == expected[name], name


def test_a_supposed_meeting_and_moved_factors_add_up(cast, path):
    api, meeting = cast.amina.api(), {"type": "norm", "highest_level": "L1", "outcome": 2}
    both = asked(api, path, {"interaction": meeting, "factors": {"GR4": 1}})
    alone = asked(api, path, {"interaction": meeting})
    assert both["score"] > alone["score"] > both["before"]["score"]
    refused = asked(api, path, {"interaction": meeting | {"outcome": -2}, "factors": {"GR4": 1}})
    assert [row["reason"] for row in refused["blockers"]] == ["refused_by_l1"]
    assert refused["blockers"][0]["source"]["kind"] == "supposed"
    assert refused["score"] == refused["spread"]["p95"] == 40


def test_nothing_is_stored_and_a_token_that_only_reads_is_enough(cast, path):
    before = rows_in_the_register()
    api = cast.amina.api(write=False)
    del before["records.Job"]
    asked(api, path, {"factors": {"GR4": 0.2}, "interaction": SUPPOSED[0]})
    after = rows_in_the_register()
    assert {name: after[name] for name in before} == before
    assert api.get(path).json()["state"] == "current"


# --- Refusals -------------------------------------------------------------------------------------

NUMBER = "Write a number from 0 to 1."


@pytest.mark.parametrize(
    ("factors", "field", "said"),
    [
        ({"XX9": 0.5}, "factors.XX9", "There is no such success factor."),
        ({"EN0": 0.5}, "factors.EN0", "This factor is recorded and counts nothing"),
        ({"GR4": 1.0001}, "factors.GR4", NUMBER),
        ({"GR4": -0.1}, "factors.GR4", NUMBER),
        ({"GR4": True}, "factors.GR4", NUMBER),
        ({"GR4": "0.5"}, "factors.GR4", NUMBER),
        ({"GR4": None}, "factors.GR4", NUMBER),
        ({"GR4": [0.5]}, "factors.GR4", NUMBER),
        ({"GR4": 10**400}, "factors.GR4", NUMBER),
        ([0.5], "factors", "Write factors and their means"),
        ("GR4", "factors", "Write factors and their means"),
    ],
)
def test_a_factor_or_mean_that_does_not_fit_is_named(cast, path, factors, field, said):
    found = sent.refused(cast.amina.api().post(f"{path}what-if/", {"factors": factors}))
    assert found[field].startswith(said)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_in_json_is_refused(cast, path, literal):
    answer = cast.amina.api().post(f"{path}what-if/", f'{{"factors": {{"GR4": {literal}}}}}')
    assert answer.status_code == 400


def test_a_raw_body_that_is_no_object_is_refused(cast, path):
    api = cast.amina.api()
    for body in ("[]", "null", "{", '{"factors": {}, "factors": {}}'):
        answer = api.call("POST", f"{path}what-if/", body)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"type": "party"}, "type"),
        ({"highest_level": "L9"}, "highest_level"),
        ({"highest_level": None}, "highest_level"),
        ({"outcome": None}, "outcome"),
        ({"outcome": 6}, "outcome"),
        ({"outcome": True}, "outcome"),
        ({"levels": ["L9"]}, "levels.0"),
        ({"topics": ["N99"]}, "topics.0"),
        ({"grade": "Z9"}, "grade"),
        ({"level": 5}, "level"),
        ({"held": "yes"}, "held"),
        ({"held_on": "2999-01-01"}, "held_on"),
        ({"held_on": "soon"}, "held_on"),
        ({"readings": [{"factor": "EN1", "rating": 3}]}, "readings"),
        ({"readings": [{"factor": "GR4", "rating": 5}]}, "readings.0.rating"),
        ({"readings": [{"factor": "GR4", "rating": 1}] * 2}, "readings"),
        ({"practical_items": [{"state": "lost"}]}, "practical_items.0.state"),
        ({"summary": "words"}, "summary"),
        ({"trust": 3}, "trust"),
        ({"engagement": "x"}, "engagement"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_meeting_that_could_not_be_logged_cannot_be_supposed(cast, path, changed, field):
    body = {"type": "norm", "highest_level": "L1", "outcome": 2, **changed}
    found = sent.refused(cast.amina.api().post(f"{path}what-if/", {"interaction": body}))
    assert f"interaction.{field}" in found


def test_a_field_or_parameter_that_is_not_there_is_named(cast, path):
    api = cast.amina.api()
    assert "factor" in sent.refused(api.post(f"{path}what-if/", {"factor": {"GR4": 1}}))
    assert "since" in sent.refused(api.post(f"{path}what-if/?since=2026-01-01", {}))
    assert api.get(f"{path}what-if/").status_code == 405
    tomorrow = sent.day(-1)
    assert "as_of" in sent.refused(api.post(f"{path}what-if/?as_of={tomorrow}", {}))


# --- Who may ask, and what they learn -------------------------------------------------------------


def test_an_outsider_finds_nothing_there(cast, path):
    for somebody in (cast.oskar, cast.ada, cast.aude):
        assert somebody.api().post(f"{path}what-if/", {}).status_code == 404
        assert somebody.api().get(f"{path}sensitivity/").status_code == 404


def test_it_stands_at_a_clearance_and_what_lies_above_moves_nothing(cast, path):
    api, body = cast.amina.api(), {"factors": {"EN1": 0.9}}
    low = asked(api, path, body, "?clearance=2")
    assert low["clearance"] == 2
    secret = sent.meeting(cast, readings=[{"factor": "GR4", "rating": 0}], level=3)
    sent.saved(api, "interactions/", secret)
    sent.recompute()
    assert asked(api, path, body, "?clearance=2") == low
    before = asked(api, path, body)
    assert before["before"]["score"] == api.get(path).json()["score"]
    assert "clearance" in sent.refused(api.post(f"{path}what-if/?clearance=4", {}))
    # A meeting supposed above the clearance shown is, as a real one, not seen there.
    supposed = {"interaction": SUPPOSED[0] | {"level": 3}}
    assert asked(api, path, supposed, "?clearance=2")["score"] == low["before"]["score"]


def test_as_of_a_day_it_rests_on_what_was_dated_by_then(cast, path):
    api, day = cast.amina.api(), sent.day(30)
    found = asked(api, path, {"interaction": SUPPOSED[0]}, f"?as_of={day}")
    assert found["as_of"] == day
    then = api.get(f"{path}?as_of={day}").json()
    assert found["before"]["score"] == then["score"]
    later = {"interaction": SUPPOSED[0] | {"held_on": sent.day(29)}}
    refused = sent.refused(api.post(f"{path}what-if/?as_of={day}", later))
    assert day in refused["interaction.held_on"]


def test_an_analyst_moves_factors_and_supposes_no_meeting(cast, path):
    ann = cast.ann.api()
    found = asked(ann, path, {"factors": {"GR4": 0.9}})
    assert found["score"] == asked(cast.amina.api(), path, {"factors": {"GR4": 0.9}})["score"]
    # Everything that the answer follows from is shown to them by success-factors itself.
    shown = ann.get(path).json()
    for row in found["factors"]:
        known = next(one for one in shown["factors"] if one["factor"] == row["factor"])
        assert row["newest_age"] == known["newest_age"]
        assert row["evidence_count"] == known["evidence_count"]
    refused = sent.refused(ann.post(f"{path}what-if/", {"interaction": SUPPOSED[0]}))
    assert "by the month" in refused["interaction"]
    middle = timezone.localdate().replace(day=1).isoformat()
    assert "as_of" in sent.refused(ann.post(f"{path}what-if/?as_of={middle}", {}))


# --- Sensitivity ----------------------------------------------------------------------------------


def test_the_sensitivity_starts_from_the_published_score(cast, path):
    api = cast.amina.api()
    published, found = api.get(path).json(), api.get(f"{path}sensitivity/").json()
    for name in HEAD:
        assert found[name] == published[name]
    assert found["base"]["score"] == published["uncapped"]
    assert found["base"]["sd"] == published["sd"]
    assert found["conclusion"]["word"] == published["direction"]
    assert len(found["leave_one_out"]) == sum(bool(row["weight"]) for row in published["factors"])
    assert [row["value"] for row in found["kappa"]] == [1, 2, 4]
    assert [row["value"] for row in found["half_lives"]] == [0.5, 1, 2]
    assert [row["value"] for row in found["rho"]] == [0, 0.3, 0.6]


def test_the_card_is_turned_too(cast, path):
    api = cast.amina.api()
    card = f"scorecards/{cast.dossier.pk}/"
    found = api.get(f"{card}sensitivity/").json()
    assert found["base"]["index"] is None
    assert found["conclusion"] == {"word": "not_available", "holds": True, "changes": []}
    assert [row["value"] for row in found["slack"]] == [0.2, 0.35, 1]
    assert found["inputs_digest"] == api.get(card).json()["inputs_digest"]


def test_the_sensitivity_answers_an_etag_and_a_clearance(cast, path):
    api = cast.amina.api()
    first = api.get(f"{path}sensitivity/")
    assert api.get(f"{path}sensitivity/", If_None_Match=first["ETag"]).status_code == 304
    assert api.get(f"{path}sensitivity/?clearance=1").json()["base"]["score"] == 50
    assert "clearance" in sent.refused(api.get(f"{path}sensitivity/?clearance=4"))


def test_an_analyst_sees_no_half_lives_which_would_tell_an_age_to_the_day(cast, path):
    ann, card = cast.ann.api(), f"scorecards/{cast.dossier.pk}/"
    assert ann.get(f"{path}sensitivity/").json()["half_lives"] == []
    assert ann.get(f"{card}sensitivity/").json()["half_lives"] == []
    assert ann.get(f"{path}sensitivity/").json()["kappa"] != []
