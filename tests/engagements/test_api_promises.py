"""Claims are settled by a meeting, follow-ups closed with a note, plans held, texts kept dated."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from engagements.models import Claim
from tests.engagements import sent


def test_a_promise_is_settled_by_a_meeting_and_counts_for_keeping_promises(cast):
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast, held_on=sent.day(30)))["id"]
    promise = sent.saved(api, "claims/", sent.claim(held, due_on=sent.day(10)))["id"]
    showed = sent.saved(api, "interactions/", sent.meeting(cast, held_on=sent.day(11)))["id"]
    settled = api.patch(f"claims/{promise}/", {"state": "kept", "settled_by": showed}).json()
    assert (settled["state"], settled["settled_by"]) == ("kept", showed)
    sent.recompute()
    kept = _promises(api, cast)
    assert kept == {"done": 1, "due": 1}
    again = api.patch(f"claims/{promise}/", {"state": "open"}).json()
    assert (again["state"], again["settled_by"]) == ("open", None)
    sent.recompute()
    assert _promises(api, cast) == {"done": 0, "due": 1}


def _promises(api, cast):
    answer = api.get(f"success-factors/{cast.dossier.pk}/evidence/?factor=QI6").json()
    row = answer["results"][0]
    # u = (done + 1) / (due + 2), section 3.2
    due = len(row["records"])
    return {"done": round(row["u"] * (due + 2) - 1), "due": due}


def test_what_was_said_is_its_authors_and_a_day_later_needs_a_reason(cast):
    api, rosa = cast.amina.api(), cast.rosa.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast))["id"]
    path = f"claims/{sent.saved(api, 'claims/', sent.claim(held))['id']}/"
    assert "text" in sent.refused(rosa.patch(path, {"text": "Nothing of the kind"}))
    assert rosa.patch(path, {"due_on": sent.day(-5)}).status_code == 200
    assert api.patch(path, {"text": "They will read it out on Friday"}).status_code == 200
    Claim.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert "reason" in sent.refused(api.patch(path, {"text": "On Monday"}))
    corrected = api.patch(path, {"text": "On Monday", "reason": "Misheard"})
    assert corrected.json()["text"] == "On Monday"


def test_a_follow_up_is_done_with_a_note_reopened_and_dropped(cast):
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast))["id"]
    row = sent.saved(api, "follow-ups/", sent.follow_up(held))
    assert row["owner"] == str(cast.amina.user.pk)
    path = f"follow-ups/{row['id']}/"
    done = api.patch(path, {"state": "done", "done_note": "Sent by courier"}).json()
    assert (done["state"], done["done_on"]) == ("done", sent.day())
    assert api.patch(path, {"state": "open"}).json()["done_on"] is None
    assert api.patch(path, {"state": "dropped"}).json()["state"] == "dropped"
    assert api.patch(path, {"owner": str(cast.rosa.user.pk)}).json()["owner"] == str(
        cast.rosa.user.pk
    )
    assert "owner" in sent.refused(api.patch(path, {"owner": str(cast.oskar.user.pk)}))


def test_the_next_step_of_a_meeting_is_one_follow_up(cast):
    api = cast.amina.api()
    step = {"what": "Call", "who": "our office", "due_on": sent.day(-4)}
    held = sent.saved(api, "interactions/", sent.meeting(cast, next_step=step))["id"]
    path = f"interactions/{held}/"
    found = api.get("follow-ups/").json()["results"]
    assert [(row["what"], row["who"], row["due_on"]) for row in found] == [tuple(step.values())]
    assert api.patch(path, {"next_step": {"what": "Write"}}).status_code == 200
    assert api.ids("follow-ups/") == [found[0]["id"]]
    assert api.get("follow-ups/").json()["results"][0]["what"] == "Write"
    assert api.ids("interactions/?next_step__empty=false") == [held]
    assert api.patch(path, {"next_step": None}).status_code == 200
    assert api.ids("follow-ups/") == []
    assert api.ids("interactions/?next_step__empty=true") == [held]


def test_a_follow_up_follows_a_claim_and_takes_its_level(cast):
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast, level=1))["id"]
    promise = sent.saved(api, "claims/", sent.claim(held, level=3))["id"]
    row = sent.saved(api, "follow-ups/", {"claim": promise, "what": "Ask again"})
    assert (row["claim"], row["interaction"], row["level"]) == (promise, None, 3)
    assert api.ids(f"follow-ups/?engagement={cast.engagement.pk}&ngo_type=DIF") == [row["id"]]


def test_a_plan_is_held_by_logging_its_meeting_and_then_compared(cast):
    api = cast.amina.api()
    plan = sent.saved(api, "plans/", sent.plan(cast, stakeholders=["An elder"]))
    path = f"plans/{plan['id']}/"
    assert plan["stakeholders"] == ["An elder"]
    assert "state" in sent.refused(api.patch(path, {"state": "held"}))
    assert api.patch(path, {"state": "cancelled"}).json()["state"] == "cancelled"
    assert api.patch(path, {"state": "planned"}).json()["state"] == "planned"
    held = sent.saved(api, "interactions/", sent.meeting(cast, plan=plan["id"]))["id"]
    after = api.patch(path, {"compared": "above"}).json()
    assert (after["state"], after["interaction"], after["compared"]) == ("held", held, "above")
    assert "state" in sent.refused(api.patch(path, {"state": "cancelled"}))
    twice = api.post("interactions/", sent.meeting(cast, plan=plan["id"]))
    assert "logged already" in sent.refused(twice)["plan"]
    assert cast.ann.api().get(path).status_code == 404


def test_a_commitment_keeps_its_statuses_and_states_of_clauses(cast):
    api = cast.amina.api()
    row = sent.saved(api, "commitments/", sent.commitment(cast, status_since="2026-05"))
    path = f"commitments/{row['id']}/"
    assert row["statuses"] == [{"status": "signed", "since": "2026-05", "recorded_on": sent.day()}]
    clause = {"norm": "N11", "obligation": "do_not", "text": "Nobody under 18"}
    more = {"norm": "N11", "obligation": "do", "text": "Release those under 18"}
    changed = api.patch(
        path,
        {"status": "in_force", "clauses": [more, clause | {"state": "ordered"}]},
    ).json()
    assert [one["status"] for one in changed["statuses"]] == ["signed", "in_force"]
    assert [one["text"] for one in changed["clauses"]] == [more["text"], clause["text"]]
    states = [one["state"] for one in changed["clauses"][1]["states"]]
    assert states == ["promised", "ordered"]
    assert api.ids("commitments/?status=in_force&norm=N11&ngo_type=DIF") == [row["id"]]
    assert api.ids("commitments/?norm=N14") == []


def test_an_incident_is_set_against_the_commitment_it_breaks(cast):
    api = cast.amina.api()
    bound = sent.saved(api, "commitments/", sent.commitment(cast, norms=["N14"]))["id"]
    mines = sent.saved(api, "dossiers/", sent.dossier(cast, norm="N14"))["id"]
    row = sent.saved(api, "incidents/", sent.incident(cast, commitments=[bound]))
    assert row["commitments"] == [bound]
    assert api.ids(f"incidents/?commitment={bound}") == [row["id"]]
    assert api.ids(f"incidents/?dossier={mines}") == [row["id"]]
    sent.recompute()
    card = api.get(f"scorecards/{mines}/").json()
    [murder] = card["violations"]["categories"]
    assert (murder["category"], murder["counts"]) == ("murder", {"credible": 1})
    api.post(f"incidents/{row['id']}/withdraw/", {"reason": "Another group"})
    sent.recompute()
    assert api.get(f"scorecards/{mines}/").json()["violations"]["categories"] == []


def test_one_engagement_per_ngo_group_and_context_and_one_dossier_per_topic(cast):
    api = cast.amina.api()
    assert "armed_group" in sent.refused(api.post("engagements/", sent.engagement(cast)))
    sent.saved(api, "dossiers/", sent.dossier(cast))
    assert "norm" in sent.refused(api.post("dossiers/", sent.dossier(cast)))
    elsewhere = sent.engagement(cast, context=str(cast.kestria.pk))
    opened = sent.saved(cast.oskar.api(), "engagements/", elsewhere)
    theirs = cast.oskar.api().get(f"dossiers/?engagement={opened['id']}").json()["results"]
    assert [row["norm"] for row in theirs] == ["GEN"]
    assert api.get(f"engagements/{opened['id']}/").status_code == 404
