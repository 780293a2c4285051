"""An incident or a commitment is corrected where it is read, with the form by which it was made."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from engagements.details import CODES
from engagements.models import Commitment, Dossier, Incident
from records.dates import PartialDate
from scorecards.models import Standing
from tests.cast import Cast
from tests.engagements import sent
from tests.engagements.correct_pages import corrected, held, says
from tests.engagements.reading_pages import words

SHELLING = "They shelled the school"


@pytest.fixture
def incident(cast: Cast) -> Incident:
    body = sent.incident(
        cast,
        occurred_on="2025-03",
        description=SHELLING,
        source="A mother",
        victims=4,
        child_victim=True,
        grade="B2",
        place={"country": "XV", "admin1": "North", "detail": "The school"},
        level=2,
    )
    return Incident.objects.get(pk=sent.saved(cast.amina.api(), "incidents/", body)["id"])


@pytest.fixture
def commitment(cast: Cast) -> Commitment:
    body = sent.commitment(
        cast,
        signed_on="2024-05-17",
        legal_effect="declared",
        review_on=sent.day(-30),
        reservations="Not in the valley",
        parties=[
            {"name": "River Front", "kind": "armed_group", "role": "signatory", "note": "by order"}
        ],
        clauses=[{"norm": "N11", "obligation": "do_not", "text": f"Clause {n}"} for n in range(5)],
        level=2,
    )
    body["legal_effect"] = next(iter(_codes("legal_effects")))
    body["parties"][0] |= {"kind": _codes("party_kinds")[0], "role": _codes("party_roles")[0]}
    return Commitment.objects.get(pk=sent.saved(cast.amina.api(), "commitments/", body)["id"])


def _codes(name: str) -> list[str]:
    return [str(code) for code in CODES[name].values()]


def page_of(record: Any, act: str = "") -> str:
    return reverse(f"{record.kind}{act and '_'}{act}", args=[record.pk])


def stored(cast: Cast, record: Any) -> dict[str, Any]:
    """What the API says of it, without what every version changes."""
    path = {"incident": "incidents", "commitment": "commitments"}[record.kind]
    row = cast.rosa.api().get(f"{path}/{record.pk}/").json()
    return {name: row[name] for name in row if name not in ("version", "updated_at")}


@pytest.fixture(params=["incident", "commitment"])
def record(request: Any) -> Any:
    return request.getfixturevalue(request.param)


def test_what_is_not_touched_stays_to_the_letter(cast: Cast, record: Any) -> None:
    before = stored(cast, record)
    answer = corrected(cast.amina.page, page_of(record, "correct"), grade="C3", note="Looked over")
    assert answer.status_code == 302, says(answer)
    changed = {"grade": "C3"} if record.kind == "incident" else {"note": "Looked over"}
    assert stored(cast, record) == before | changed
    record.refresh_from_db()
    assert record.version == 2


def test_sending_it_unchanged_or_twice_makes_one_version(cast: Cast, record: Any) -> None:
    client, address = cast.amina.page, page_of(record, "correct")
    opened = client.get(address)
    assert "Not saved yet" not in says(opened)
    form = held(opened)
    assert client.post(address, form).status_code == 302
    record.refresh_from_db()
    assert record.version == 1
    changed = form | {"country": "XK", "conditions": "Only by day"}
    for _ in range(2):
        assert client.post(address, changed).headers["Location"] == page_of(record)
    record.refresh_from_db()
    assert record.version == 2


def test_the_page_says_who_corrected_it_and_why(cast: Cast, incident: Incident) -> None:
    address = page_of(incident, "correct")
    answer = corrected(cast.rosa.page, address, standard="verified", reason="Seen by two of us")
    assert answer.headers["Location"] == page_of(incident)
    page = words(cast.amina.page.get(page_of(incident)))
    assert "Earlier versions 1" in page
    assert "Rosa : Seen by two of us" in page
    assert "Seen by two of us" not in words(cast.ann.page.get(page_of(incident)))


def test_who_may_not_correct_finds_no_such_page(cast: Cast, record: Any) -> None:
    absent = reverse(f"{record.kind}_correct", args=[uuid4()])
    for person in (cast.ann, cast.oskar, cast.ada, cast.aude):
        for address in (page_of(record, "correct"), absent):
            assert person.page.get(address).status_code == 404
            assert person.page.post(address, {"version": "1"}).status_code == 404
    assert page_of(record, "correct") not in cast.ann.page.get(page_of(record)).content.decode()
    type(record).objects.filter(pk=record.pk).update(level=4)
    hidden = cast.amina.page.get(page_of(record, "correct"))
    assert hidden.status_code == 404
    assert says(hidden) == says(cast.amina.page.get(absent))


def test_a_correction_makes_the_scores_due(cast: Cast, record: Any) -> None:
    sent.recompute()
    standings = Standing.objects.filter(dossier=cast.dossier)
    assert not any(row.is_behind for row in standings)
    changed = {"category": "pillage", "status": "lapsed"}
    corrected(cast.amina.page, page_of(record, "correct"), **changed)
    behind = {row.clearance for row in standings.all() if row.is_behind}
    assert behind == {2, 3, 4}


def test_two_who_change_different_things_are_joined(cast: Cast, incident: Incident) -> None:
    amina, address = cast.amina.page, page_of(incident, "correct")
    mine = held(amina.get(address))
    corrected(cast.rosa.page, address, standard="verified")
    answer = amina.post(address, mine | {"victims": "6"}, follow=True)
    assert "Both changes are kept: theirs were how well it is proven." in says(answer)
    incident.refresh_from_db()
    assert (incident.standard, incident.victims, incident.version) == ("verified", 6, 3)


def test_two_who_change_one_thing_are_asked_and_nothing_typed_is_lost(
    cast: Cast, incident: Incident
) -> None:
    amina, address = cast.amina.page, page_of(incident, "correct")
    mine = held(amina.get(address))
    corrected(cast.rosa.page, address, victims="9", standard="verified", detail="The old school")
    changed = {
        "victims": "6",
        "description": "Two shells",
        "detail": "Its yard",
        "reason": "Met them",
    }
    asked = amina.post(address, mine | changed)
    assert asked.status_code == 409
    page = says(asked)
    assert "Number of victims" in page
    assert "How well it is proven: Verified" in page
    for word in ("6", "9", "Its yard", "The old school"):
        assert f"<bdi>{word}</bdi>" in asked.content.decode()
    incident.refresh_from_db()
    assert incident.version == 2

    again = amina.post(address, held(asked) | {"choice-victims": "mine"})
    assert again.status_code == 409
    assert "Choose one for each field." in says(again)
    back = amina.post(address, held(again) | {"then": "form"})
    assert back.status_code == 200
    assert "Two shells" in back.content.decode()
    chosen = {"choice-victims": "mine", "choice-detail": "theirs"}
    saved = amina.post(address, held(again) | chosen)
    assert saved.headers["Location"] == page_of(incident)
    incident.refresh_from_db()
    assert (incident.victims, incident.place_detail, incident.standard, incident.description) == (
        6,
        "The old school",
        "verified",
        "Two shells",
    )
    assert "Met them" in words(amina.get(page_of(incident)))


def test_a_third_change_while_one_chooses_is_shown_before_anything_is_saved(
    cast: Cast, incident: Incident
) -> None:
    amina, address = cast.amina.page, page_of(incident, "correct")
    mine = held(amina.get(address))
    corrected(cast.rosa.page, address, victims="9")
    asked = amina.post(address, mine | {"victims": "6"})
    corrected(cast.rosa.page, address, victims="11")
    again = amina.post(address, held(asked) | {"choice-victims": "mine"})
    assert again.status_code == 409
    assert "<bdi>11</bdi>" in again.content.decode()
    incident.refresh_from_db()
    assert incident.victims == 11


def test_what_is_wrong_is_said_beside_the_field_and_everything_typed_is_kept(
    cast: Cast, record: Any
) -> None:
    wrong = {"occurred_on": "yesterday", "signed_on": "2024-13", "description": "Kept words"}
    wrong |= {"conditions": "Kept words"}
    answer = corrected(cast.amina.page, page_of(record, "correct"), **wrong)
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert "Not saved yet" in says(answer)
    record.refresh_from_db()
    assert record.version == 1


@pytest.mark.parametrize("rubbish", ["\0", "x" * 5_000, "2026-13", "[[[", '{"a": 1}', "1e400"])
def test_rubbish_is_never_an_error_of_ours(cast: Cast, record: Any, rubbish: str) -> None:
    client, address = cast.amina.page, page_of(record, "correct")
    form = held(client.get(address))
    before = stored(cast, record)
    assert client.post(address, dict.fromkeys(form, rubbish)).status_code == 422
    for name in ("version", "opened", "seen"):
        changed = form | {name: rubbish, "country": "X1", "instrument": ""}
        assert client.post(address, changed).status_code in (409, 422)
    assert stored(cast, record) == before


def test_a_level_is_raised_by_whoever_corrects_and_lowered_by_a_head_with_a_reason(
    cast: Cast, record: Any
) -> None:
    address = page_of(record, "correct")
    assert corrected(cast.amina.page, address, level="3").status_code == 302
    refused = corrected(cast.amina.page, address, level="2")
    assert "Only a head of delegation lowers a level." in says(refused)
    asked = corrected(cast.rosa.page, address, level="2")
    assert "Say why the level is lowered." in says(asked)
    done = corrected(cast.rosa.page, address, level="2", reason="It is public now")
    assert done.status_code == 302
    record.refresh_from_db()
    assert record.level == 2


def test_commitments_above_ones_clearance_stay_linked_and_unseen(
    cast: Cast, incident: Incident, commitment: Commitment
) -> None:
    incident.commitments.set([commitment])
    Commitment.objects.filter(pk=commitment.pk).update(level=4)
    address = page_of(incident, "correct")
    assert commitment.title not in cast.amina.page.get(address).content.decode()
    assert corrected(cast.amina.page, address, victims="5").status_code == 302
    assert list(incident.commitments.all()) == [commitment]


def test_an_incident_is_held_against_a_commitment_and_let_go(
    cast: Cast, incident: Incident, commitment: Commitment
) -> None:
    address = page_of(incident, "correct")
    corrected(cast.amina.page, address, commitments=[str(commitment.pk)])
    assert list(incident.commitments.all()) == [commitment]
    corrected(cast.amina.page, address, commitments=[])
    assert not incident.commitments.exists()


def test_any_number_of_clauses_and_sources_each_with_its_state(
    cast: Cast, commitment: Commitment
) -> None:
    kept = {clause.text: clause.pk for clause in commitment.clauses.all()}
    address = page_of(commitment, "correct")
    changed = {
        "clauses-1-text": "",  # cleared: taken out
        "clauses-2-state": "doctrine",
        "sources-1-reference": "Broadcast of the council",
        "sources-1-kind": "agreement_text",
        "sources-1-date": "2024-Q2",
    }
    for number in range(5, 9):
        changed |= {
            f"clauses-{number}-text": f"Clause {number}",
            f"clauses-{number}-norm": "N03",
            f"clauses-{number}-obligation": "do_not",
        }
    changed["clauses-2-state"] = _codes("clause_states")[1]
    answer = corrected(cast.amina.page, address, **changed)
    assert answer.status_code == 302, says(answer)
    clauses = list(commitment.clauses.all())
    assert [one.text for one in clauses] == [f"Clause {n}" for n in (0, 2, 3, 4, 5, 6, 7, 8)]
    assert clauses[0].pk == kept["Clause 0"]
    assert [state.progress for state in clauses[1].states.all()] == _codes("clause_states")[:2]
    quarter = PartialDate(date(2024, 4, 1), "season")
    assert [one.dated for one in commitment.sources.all()] == [None, quarter]
    unchanged = corrected(cast.amina.page, address, note="A quarter stays a quarter")
    assert unchanged.status_code == 302
    assert [one.dated for one in commitment.sources.all()] == [None, quarter]


def test_a_row_half_filled_is_refused_beside_it(cast: Cast, commitment: Commitment) -> None:
    answer = corrected(
        cast.amina.page, page_of(commitment, "correct"), **{"clauses-5-text": "A new one"}
    )
    assert answer.status_code == 422
    assert "Choose the topic of this clause." in says(answer)
    assert "A new one" in answer.content.decode()


def test_a_new_status_is_dated_and_the_old_one_stays_in_its_course(
    cast: Cast, commitment: Commitment
) -> None:
    corrected(
        cast.amina.page, page_of(commitment, "correct"), status="in_force", status_since="2025-06"
    )
    steps = [(one.status, str(one.since)) for one in commitment.statuses.all()]
    assert steps == [("signed", "None"), ("in_force", "2025-06")]


def test_a_dossier_taken_out_hears_of_it_too(cast: Cast, commitment: Commitment) -> None:
    second = sent.saved(cast.amina.api(), "dossiers/", sent.dossier(cast))["id"]
    address = page_of(commitment, "correct")
    corrected(cast.amina.page, address, dossiers=[str(cast.dossier.pk), second])
    sent.recompute()
    corrected(cast.amina.page, address, dossiers=[second])
    assert list(commitment.dossiers.values_list("pk", flat=True)) == [
        Dossier.objects.get(pk=second).pk
    ]
    assert Standing.objects.get(dossier=cast.dossier, clearance=3).is_behind
    none = corrected(cast.amina.page, address, dossiers=[])
    assert none.status_code == 422
