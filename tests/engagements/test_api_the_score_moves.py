"""What is logged moves the scores to values that anyone can work out from `/evidence/`.

The arithmetic here is written out from the formulas of the method, not taken from its code.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from records.codes import load
from tests.cast import Api, Cast
from tests.engagements import sent

BUNDLES = {"environment": 0.20, "ngo": 0.20, "armed_group": 0.35, "interaction": 0.25}
GRADES = {"A1": 1.0, "B2": 0.8 * 0.8, "C3": 0.6 * 0.55}
HALF_LIVES = {"doctrine": 36, "training": 18, "equipment": 24, "sanctions": 18, "programme": 12}
CRITERIA = load("scorecards", "criteria.toml")["criteria"]


def rounded(value: float) -> Any:
    return pytest.approx(value, abs=0.00006)  # answers are rounded to 4 decimals


def score_of(api: Api, cast: Cast, kind: str = "success-factors", asked: str = "") -> Any:
    answer = api.get(f"{kind}/{cast.dossier.pk}/{asked}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def evidence_of(api: Api, cast: Cast, kind: str = "success-factors", asked: str = "") -> list[Any]:
    answer = api.get(f"{kind}/{cast.dossier.pk}/evidence/{asked}").json()
    assert answer["next"] is None
    assert answer["state"] == "current"
    assert answer["inputs_digest"] == score_of(api, cast, kind, asked)["inputs_digest"]
    return list(answer["results"])


def worked_out(score: dict[str, Any], rows: list[Any]) -> dict[str, float]:
    """Score, spread and range from the evidence rows: formulas of section 3.3."""
    of_factor: dict[str, list[Any]] = {}
    for row in rows:
        of_factor.setdefault(row["factor"], []).append(row)
    counted = [part for part in score["factors"] if part["factor"] not in ("EN0", "GR0")]
    total, spreads = 50.0, []
    for part in counted:
        sharing = sum(1 for other in counted if other["bundle"] == part["bundle"])
        omega = BUNDLES[part["bundle"]] / sharing
        mine = of_factor.get(part["factor"], [])
        a = 1 + sum(row["w"] * row["u"] for row in mine)
        b = 1 + sum(row["w"] * (1 - row["u"]) for row in mine)
        mean = a / (a + b)
        assert part["mean"] == rounded(mean)
        assert part["contribution"] == rounded(100 * omega * (mean - 0.5))
        total += 100 * omega * (mean - 0.5)
        spreads.append(omega * math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1))))
    sd = 100 * math.sqrt(0.7 * sum(x * x for x in spreads) + 0.3 * sum(spreads) ** 2)
    return {"score": total, "sd": sd, "low": total - 1.645 * sd, "high": total + 1.645 * sd}


def test_logging_correcting_and_withdrawing_a_meeting_moves_the_score(cast: Cast) -> None:
    api = cast.amina.api()
    sent.recompute()
    before = score_of(api, cast)
    assert before["state"] == "current"

    readings = [{"factor": "QI1", "rating": 4}, {"factor": "GR4", "rating": 3}]
    body = sent.meeting(cast, readings=readings, held_on=sent.day(40), trust=4)
    row = sent.saved(api, "interactions/", body)
    assert score_of(api, cast)["state"] == "pending"
    assert score_of(api, cast)["score"] == before["score"]
    sent.recompute()

    after, rows = score_of(api, cast), evidence_of(api, cast)
    expected = worked_out(after, rows)
    assert after["state"] == "current"
    assert after["score"] != before["score"]
    for name, value in expected.items():
        assert after[name] == rounded(value)
    trust = next(one for one in rows if one["factor"] == "QI1")
    assert trust["u"] == 1.0
    assert trust["w"] == pytest.approx(GRADES["B2"] * 0.5 ** (40 / 30.4375 / 6))
    assert trust["source"]["id"] == row["id"]
    assert api.get(trust["source"]["href"]).json() == row

    lower = [{"factor": "QI1", "rating": 1}]
    assert api.patch(f"interactions/{row['id']}/", {"readings": lower}).status_code == 200
    sent.recompute()
    corrected = score_of(api, cast)
    assert corrected["score"] == rounded(worked_out(corrected, evidence_of(api, cast))["score"])
    assert corrected["score"] < after["score"]

    assert api.post(f"interactions/{row['id']}/withdraw/", {"reason": "x"}).status_code == 200
    sent.recompute()
    assert score_of(api, cast)["score"] == before["score"]
    history = api.get(f"success-factors/{cast.dossier.pk}/history/?count=true").json()
    shown = [one["score"] for one in history["results"]]
    assert shown[:3] == [before["score"], corrected["score"], after["score"]]
    assert history["count"] == len(shown)


def test_a_blocker_caps_the_score_and_its_lifting_frees_it(cast: Cast) -> None:
    api, rosa = cast.amina.api(), cast.rosa.api()
    row = sent.saved(api, "blockers/", sent.blocker(cast))
    sent.recompute()
    held = score_of(api, cast)
    assert held["score"] == 40.0
    assert held["blocked"] == rounded(40.0 - held["uncapped"])
    assert held["direction"] is None
    lifting = {"lifted_on": sent.day(), "note": "Guarantee given"}
    assert api.patch(f"blockers/{row['id']}/", lifting).status_code == 403
    assert rosa.patch(f"blockers/{row['id']}/", lifting).status_code == 200
    sent.recompute()
    assert score_of(api, cast)["score"] == held["uncapped"]


def test_a_record_of_level_4_moves_only_what_clearance_4_sees(cast: Cast) -> None:
    api = cast.amina.api()
    sent.recompute()
    before = api.get(f"success-factors/{cast.dossier.pk}/")
    readings = [{"factor": "QI1", "rating": 0}]
    body = sent.meeting(cast, readings=readings)
    row = sent.saved(api, "interactions/", body)
    sent.recompute()
    assert score_of(api, cast)["score"] < before.json()["score"]
    lower = score_of(api, cast, asked="?clearance=2")
    assert lower["score"] == before.json()["score"]
    assert lower["clearance"] == 2
    assert evidence_of(api, cast, asked="?clearance=2") == []
    assert api.delete(f"interactions/{row['id']}/", {"reason": "x"}).status_code == 202


def test_an_as_of_day_is_worked_out_from_what_was_dated_by_then(cast: Cast) -> None:
    api = cast.amina.api()
    readings = [{"factor": "QI1", "rating": 4}]
    sent.saved(api, "interactions/", sent.meeting(cast, readings=readings, held_on=sent.day(10)))
    sent.recompute()
    earlier = f"?as_of={sent.day(11)}"
    assert score_of(api, cast, asked=earlier)["as_of"] == sent.day(11)
    assert score_of(api, cast, asked=earlier)["factors"] != score_of(api, cast)["factors"]
    assert [row for row in evidence_of(api, cast, asked=earlier) if row["factor"] == "QI1"] == []
    listed = api.get(f"success-factors/?as_of={sent.day(11)}")
    assert "as_of" in sent.refused(listed)


# --- The scorecard --------------------------------------------------------------------------------


def rated(
    cast: Cast, api: Api, rating: int, grade: str, observed: str, **evidence: list[str]
) -> Any:
    """A final assessment of every criterion with this rating; doctrine one lower."""
    ratings = [
        {
            "criterion": one.code,
            "rating": max(rating - 1, 0) if one.extra["dimension"] == "doctrine" else rating,
            "grade": grade,
            "observed_on": observed,
            "evidence": evidence.get(str(one.code), []),
        }
        for one in CRITERIA
    ]
    row = sent.saved(api, "assessments/", sent.assessment(cast, ratings=ratings))
    assert api.post(f"assessments/{row['id']}/submit/").json()["state"] == "submitted"
    final = cast.rosa.api().post(f"assessments/{row['id']}/finalise/")
    assert final.json()["state"] == "final", final.content
    sent.recompute()
    return final.json()


def dimensions_worked_out(rows: list[Any]) -> dict[str, dict[str, float]]:
    """Formulas of section 2.3, from the rows."""
    found = {}
    for dimension in ("doctrine", "training", "equipment", "sanctions"):
        mine = [row for row in rows if row["dimension"] == dimension]
        known = sum(row["weight"] * row["q"] for row in mine)
        said = sum(row["weight"] * row["q"] * row["rating"] / 4 for row in mine if row["q"])
        coverage = known / sum(row["weight"] for row in mine)
        low = coverage * (said / known)
        found[dimension] = {
            "value": said / known,
            "coverage": coverage,
            "low": low,
            "high": low + 1 - coverage,
        }
    return found


def test_a_final_assessment_moves_the_scorecard(cast: Cast) -> None:
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast, grade="C3"))
    sent.recompute()
    assert score_of(api, cast, "scorecards")["index"] is None
    rated(cast, api, 3, "B2", sent.day(100), D1=[held["id"]])
    card, rows = score_of(api, cast, "scorecards"), evidence_of(api, cast, "scorecards")
    months = 100 / 30.4375
    for row in rows:
        r = GRADES["C3"] if row["criterion"] == "D1" else GRADES["B2"]
        assert row["reliability"] == pytest.approx(r)
        assert row["q"] == pytest.approx(r * 0.5 ** (months / HALF_LIVES[row["dimension"]]))
    expected = dimensions_worked_out(rows)
    for dimension, values in expected.items():
        for name, value in values.items():
            assert card["dimensions"][dimension][name] == rounded(value)
    raw = {name: values["value"] for name, values in expected.items()}
    d, t, e, s = (raw[name] for name in ("doctrine", "training", "equipment", "sanctions"))
    capped = [min(d, 0.35 + max(t, s)), min(t, 0.35 + d), min(e, 0.35 + max(d, t))]
    capped.append(min(s, 0.35 + d))
    index = 100 * math.prod(max(value, 0.05) ** 0.25 for value in capped)
    assert card["index"] == rounded(index)
    assert card["arithmetic_mean"] == rounded(25 * sum(capped))
    assert card["minimum"] == rounded(100 * min(capped))
    assert card["balance_penalty"] == rounded(25 * sum(capped) - index)


def test_a_withdrawn_assessment_and_withdrawn_evidence_leave_the_scorecard(cast: Cast) -> None:
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast))
    row = rated(cast, api, 2, "A1", sent.day(5), D1=[held["id"]])

    def doctrine() -> dict[str, Any]:
        answer = api.get(f"scorecards/{cast.dossier.pk}/evidence/?criterion=D1").json()
        assert answer["state"] == "current"
        rows = answer["results"]
        return {one["state"]: one["source"] and one["source"]["id"] for one in rows}

    assert doctrine() == {"counted": row["id"]}
    api.post(f"interactions/{held['id']}/withdraw/", {"reason": "Another group"})
    sent.recompute()
    assert doctrine() == {"not_assessed": None, "withdrawn": row["id"]}
    api.post(f"interactions/{held['id']}/restore/", {"reason": "It was this one"})
    sent.recompute()
    assert doctrine() == {"counted": row["id"]}
    cast.rosa.api().post(f"assessments/{row['id']}/withdraw/", {"reason": "Wrong group"})
    sent.recompute()
    assert doctrine() == {"not_assessed": None}


def test_commitments_and_incidents_stand_beside_the_dimensions(cast: Cast) -> None:
    api = cast.amina.api()
    promise = sent.saved(api, "commitments/", sent.commitment(cast, verification="V3"))
    sent.saved(api, "incidents/", sent.incident(cast))
    assert score_of(api, cast, "scorecards")["state"] == "pending"
    sent.recompute()
    card = score_of(api, cast, "scorecards")
    # The incident has the group's default level 3, the commitment the dossier's.
    assert card["commitment"] == {"badge": "signed", "verification": "V3"}
    [murder] = card["violations"]["categories"]
    assert (murder["category"], murder["counts"]) == ("murder", {"credible": 1})
    assert card["violations"]["pattern"] is False
    below = score_of(api, cast, "scorecards", "?clearance=2")
    assert below["violations"]["categories"] == []
    api.patch(f"commitments/{promise['id']}/", {"status": "in_force"})
    sent.recompute()
    assert score_of(api, cast, "scorecards")["commitment"]["badge"] == "in_force"


def test_the_list_shows_the_latest_of_each_dossier_and_computes_nothing(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    api = cast.amina.api()
    for norm in ("N01", "N02", "N03", "N04", "N05"):
        sent.saved(api, "dossiers/", sent.dossier(cast, norm=norm))
    sent.recompute()
    for kind in ("scorecards", "success-factors"):
        with django_assert_max_num_queries(5):
            rows = api.get(f"{kind}/?armed_group={cast.group.pk}&ngo_type=DIF").json()["results"]
        assert {row["dossier"]["norm"] for row in rows} == {
            "GEN", "N01", "N02", "N03", "N04", "N05",
        }  # fmt: skip
        assert {row["state"] for row in rows} == {"current"}
        one = next(row for row in rows if row["dossier"]["norm"] == "N03")
        assert one == api.get(f"{kind}/{one['dossier']['id']}/").json()
        assert api.get(f"{kind}/?norm=N03").json()["results"] == [one]
        assert cast.oskar.api().get(f"{kind}/").json()["results"] == []


def test_a_clearance_above_ones_own_is_refused_and_one_below_is_not(cast: Cast) -> None:
    sent.recompute()
    api, path = cast.amina.api(), f"success-factors/{cast.dossier.pk}"
    for address in (f"{path}/", f"{path}/evidence/", f"{path}/history/", "success-factors/"):
        assert "clearance" in sent.refused(api.get(f"{address}?clearance=4"))
        assert "clearance" in sent.refused(api.get(f"{address}?clearance=0"))
        assert api.get(f"{address}?clearance=1").status_code == 200
        assert api.get(f"{address}?movement=1").status_code == 400
    assert cast.oskar.api().get(f"{path}/?clearance=4").status_code == 404
    assert "since" in sent.refused(api.get(f"{path}/movement/"))


def test_the_history_pages_both_ways(cast: Cast) -> None:
    api = cast.amina.api()
    for rating in (0, 2, 4):
        readings = [{"factor": "QI1", "rating": rating}]
        sent.saved(api, "interactions/", sent.meeting(cast, readings=readings))
        sent.recompute()
    path = f"success-factors/{cast.dossier.pk}/history/"
    whole = api.get(path).json()["results"]
    first = api.get(f"{path}?limit=1").json()
    second = api.get(first["next"]).json()
    back = api.get(second["previous"]).json()
    assert [first["results"][0], second["results"][0]] == whole[:2]
    assert back["results"] == first["results"]
    assert first["previous"] is None
    assert date.fromisoformat(whole[0]["as_of"]) == timezone.localdate()
