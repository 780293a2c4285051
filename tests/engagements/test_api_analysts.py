"""An analyst reads the structured part: no text, no names, and from level 3 on months and areas."""

from __future__ import annotations

import json

from tests.engagements import sent

WORDS = "the words that were said"


def a_full_meeting(cast, **more):
    return sent.meeting(
        cast,
        held_on="2026-05-17",
        summary=WORDS,
        place={"country": "XV", "admin1": "North", "detail": WORDS},
        next_step={"what": WORDS, "who": WORDS, "due_on": "2026-06-09"},
        readings=[{"factor": "QI1", "rating": 3, "note": WORDS}],
        evidence=[{"criterion": "D1", "rating": 2, "seen": WORDS}],
        practical_items=[{"item": WORDS, "state": "agreed", "side": "ours"}],
        details={"objections": {"heard": ["no_means"], "words": WORDS}},
        **more,
    )


def everything_read(api, rows):
    """Every answer that is to be had, as one text."""
    found = []
    for noun, row in rows.items():
        found += [api.get(f"{noun}/"), api.get(f"{noun}/{row['id']}/")]
    return "".join(one.content.decode() for one in found if one.status_code == 200)


def test_texts_are_left_out_of_every_answer(cast):
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", a_full_meeting(cast))
    told = {"text": WORDS}
    rows = {
        "interactions": held,
        "claims": sent.saved(api, "claims/", sent.claim(held["id"], **told)),
        "follow-ups": sent.saved(api, "follow-ups/", sent.follow_up(held["id"], what=WORDS)),
        "plans": sent.saved(api, "plans/", sent.plan(cast, place=WORDS)),
        "incidents": sent.saved(
            api,
            "incidents/",
            sent.incident(cast, description=WORDS, source=WORDS, place={"detail": WORDS}),
        ),
        "observations": sent.saved(api, "observations/", sent.observation(cast, source=WORDS)),
        "blockers": sent.saved(api, "blockers/", sent.blocker(cast, note=WORDS)),
        "commitments": sent.saved(api, "commitments/", sent.commitment(cast, conditions=WORDS)),
    }
    assert WORDS in everything_read(api, rows)
    assert WORDS not in everything_read(cast.ann.api(), rows)


def test_days_are_months_from_level_3_on_and_days_below(cast):
    api, ann = cast.amina.api(), cast.ann.api()
    secret = sent.saved(api, "interactions/", a_full_meeting(cast, level=3))
    open_ = sent.saved(api, "interactions/", a_full_meeting(cast, level=2))
    shown = ann.get(f"interactions/{secret['id']}/").json()
    assert (shown["held_on"], shown["date_precision"]) == ("2026-05", "month")
    assert shown["next_step"] == {"due_on": "2026-06", "side": "ours"}
    assert shown["place"] == {"country": "XV", "admin1": "North"}
    assert shown["readings"] == [{"factor": "QI1", "rating": 3}]
    assert shown["details"] == {"objections": {"heard": ["no_means"]}}
    assert "updated_at" not in shown
    below = ann.get(f"interactions/{open_['id']}/").json()
    assert below["held_on"] == "2026-05-17"
    assert "summary" not in below


def test_filters_and_orders_are_no_finer_than_what_is_shown(cast):
    api, ann = cast.amina.api(), cast.ann.api()
    early = sent.saved(api, "interactions/", sent.meeting(cast, held_on="2026-05-03"))["id"]
    late = sent.saved(api, "interactions/", sent.meeting(cast, held_on="2026-05-28"))["id"]
    both = sorted([early, late])
    assert api.ids("interactions/?held_on=2026-05-02..2026-05-10") == [early]
    assert ann.ids("interactions/?held_on=2026-05-02..2026-05-31") == []
    assert sorted(ann.ids("interactions/?held_on=2026-05-01..2026-05-02")) == both
    assert sorted(ann.ids("interactions/?held_on=2026-05")) == both
    assert ann.ids("interactions/?held_on__not=2026-05") == []
    assert api.ids("interactions/?ordering=held_on") == [early, late]
    assert ann.ids("interactions/?ordering=held_on") == both
    assert ann.ids("interactions/?ordering=-held_on") == both[::-1]
    sent.saved(api, "incidents/", sent.incident(cast, occurred_on="2026-04-20"))
    assert ann.ids("incidents/?occurred_on=2026-04-20") == []
    assert len(ann.ids("incidents/?occurred_on=2026-04")) == 1


def test_evidence_of_level_3_comes_as_one_row_per_factor_with_the_same_totals(cast):
    api, ann = cast.amina.api(), cast.ann.api()
    for rating in (1, 4):
        readings = [{"factor": "QI1", "rating": rating}]
        sent.saved(api, "interactions/", sent.meeting(cast, readings=readings))
    sent.recompute()
    path = f"success-factors/{cast.dossier.pk}/"
    full = api.get(f"{path}evidence/?factor=QI1").json()["results"]
    grouped = ann.get(f"{path}evidence/?factor=QI1").json()["results"]
    assert [row["grouped"] for row in grouped] == [True]
    assert grouped[0]["evidence_count"] == len(full) == 2
    assert abs(grouped[0]["weight_sum"] - sum(row["w"] for row in full)) < 1e-12
    said = sum(row["w"] * row["u"] for row in full)
    assert abs(grouped[0]["mean"] - said / grouped[0]["weight_sum"]) < 1e-12
    assert "observed_on" not in json.dumps(grouped)
    assert ann.get(path).json()["score"] == api.get(path).json()["score"]
