"""Groups, NGOs, their years of service, facts of contexts and counterparts: corrected on pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from actors.models import ArmedGroup, ContextFact, Counterpart, Lineage, Ngo, NgoService
from engagements.models import Dossier
from records.dates import PartialDate
from scorecards.models import Standing
from tests.cast import Cast, a_group, an_ngo, person
from tests.engagements import sent
from tests.engagements.correct_pages import corrected, held, says
from tests.engagements.reading_pages import words

YEAR = PartialDate(date(2019, 1, 1), "year")


@pytest.fixture
def group(cast: Cast) -> ArmedGroup:
    """With everything that a group can have, made over the API."""
    other = a_group("Ford Company", context=cast.valdoria)
    body = {
        "name": "Valley Shield",
        "names": [
            {"name": "Valley Shield", "kind": "official", "language": "en", "from": "2019-04"},
            {"name": "درع الوادي", "kind": "other_script", "language": "ar", "source": "Poster"},
        ],
        "countries": ["XV", "XK"],
        "structure": "DEC",
        "active_from": "2019",
        "active_from_grade": "B2",
        "default_level": 2,
        "note": "Seen on posters",
        "lineage": [{"relation": "split_from", "group": str(other.pk), "from": "2019"}],
        "listings": [{"list": "regional", "from": "2021-05-17", "source": "Gazette"}],
        "external_ids": [{"scheme": "ucdp", "value": "7001", "checked_on": "2025-01-31"}],
        "context": str(cast.valdoria.pk),
        "level": 2,
    }
    return ArmedGroup.objects.get(pk=sent.saved(cast.amina.api(), "armed-groups/", body)["id"])


@pytest.fixture
def ngo(cast: Cast) -> Ngo:
    """Known in Valdoria, with dealings there."""
    body = {
        "name": "Second House",
        "acronym": "SH",
        "types": [{"type": "DIF", "primary": True}, {"type": "POL", "primary": False}],
        "names": [{"name": "Seconde Maison", "kind": "alias", "language": "fr"}],
        "note": "Works from the ford",
        "external_ids": [{"scheme": "wikidata", "value": "Q1"}],
        "context": str(cast.valdoria.pk),
    }
    found = Ngo.objects.get(pk=sent.saved(cast.amina.api(), "ngos/", body)["id"])
    sent.saved(cast.amina.api(), "engagements/", sent.engagement(cast, ngo=str(found.pk)))
    return found


@pytest.fixture
def fact(cast: Cast) -> ContextFact:
    cast.amina.page.post(
        reverse("new_fact", args=[cast.valdoria.pk]),
        {"fact": "intensity:I2", "begun": "2024", "grade": "B2", "pk": str(uuid4())},
    )
    return ContextFact.objects.get()


@pytest.fixture
def service(cast: Cast) -> NgoService:
    told = {"service": "health", "context": str(cast.valdoria.pk), "begun": "2020", "level": "2"}
    address = reverse("new_service", args=[cast.ngo.pk])
    for _ in range(2):
        answer = cast.amina.page.post(address, told | {"pk": str(cast.dossier.pk)})
        assert answer.headers["Location"] == reverse("ngo", args=[cast.ngo.pk])
    return NgoService.objects.get()


@pytest.fixture
def man(cast: Cast) -> Counterpart:
    told = {"code": "V-07", "rank": "L2", "role": "speaker", "context": str(cast.valdoria.pk)}
    address = reverse("new_counterpart", args=[cast.group.pk])
    for _ in range(2):
        answer = cast.amina.page.post(address, told | {"pk": str(cast.dossier.pk)})
        assert answer.status_code == 302, says(answer)
    return Counterpart.objects.get()


def of(record: Any, act: str) -> str:
    name = {"armed_group": "group", "context_fact": "fact"}.get(record.kind, record.kind)
    name = "service" if isinstance(record, NgoService) else name
    return reverse(f"{name}_{act}", args=[record.pk])


RECORDS = ("group", "ngo", "fact", "service", "man")


@pytest.fixture(params=RECORDS)
def record(request: Any) -> Any:
    return request.getfixturevalue(request.param)


def behind(cast: Cast) -> set[int]:
    rows = Standing.objects.filter(dossier=cast.dossier)
    return {row.clearance for row in rows if row.is_behind}


def test_sending_it_unchanged_makes_no_version(cast: Cast, record: Any) -> None:
    before = type(record).objects.get(pk=record.pk).version
    assert corrected(cast.amina.page, of(record, "correct")).status_code == 302
    record.refresh_from_db()
    assert record.version == before


def test_who_may_not_correct_or_withdraw_finds_no_such_page(cast: Cast, record: Any) -> None:
    for someone in (cast.ann, cast.oskar, cast.ada, cast.aude):
        for act in ("correct", "withdraw", "restore", "delete"):
            assert someone.page.get(of(record, act)).status_code == 404
            assert someone.page.post(of(record, act), {"reason": "x"}).status_code == 404
    assert cast.amina.page.get(of(record, "withdraw")).status_code == 404  # a head's
    type(record).objects.filter(pk=record.pk).update(level=4)
    assert cast.amina.page.get(of(record, "correct")).status_code == 404


@pytest.mark.parametrize("rubbish", ["\0", "x" * 5_000, "2026-13", "[[[", "1e400"])
def test_rubbish_is_refused_in_words(cast: Cast, record: Any, rubbish: str) -> None:
    form = held(cast.amina.page.get(of(record, "correct")))
    answer = cast.amina.page.post(of(record, "correct"), dict.fromkeys(form, rubbish))
    assert answer.status_code == 422
    assert "Not saved yet" in says(answer)


def test_a_head_withdraws_restores_and_another_head_deletes(cast: Cast, record: Any) -> None:
    rosa, second = cast.rosa.page, person("Second", "head", 4, cast.valdoria)
    assert rosa.post(of(record, "withdraw"), {"reason": " "}).status_code == 422
    for act, state in (
        ("withdraw", "withdrawn"),
        ("restore", "current"),
        ("withdraw", "withdrawn"),
    ):
        assert rosa.post(of(record, act), {"reason": "Twice in the list"}).status_code == 302
        record.refresh_from_db()
        assert record.state == state
    assert "delete it for good" not in says(rosa.get(of(record, "restore")))
    assert "delete it for good" in says(second.page.get(of(record, "restore")))
    assert rosa.post(of(record, "delete"), {"reason": "Twice"}).status_code == 422
    answer = second.page.post(of(record, "delete"), {"reason": "Twice"})
    record.refresh_from_db()
    if isinstance(record, Ngo):
        assert "There are engagements with it" in says(answer)
        assert record.state == "withdrawn"
    else:
        assert record.state == "deleted"


def test_of_a_group_only_what_was_touched_changes(cast: Cast, group: ArmedGroup) -> None:
    path = f"armed-groups/{group.pk}/"
    before = cast.rosa.api().get(path).json()
    changed = {"structure": "CEN", "names-1-name": "Shield", "names-1-kind": "former"}
    answer = corrected(cast.amina.page, of(group, "correct"), **changed)
    assert answer.status_code == 302, says(answer)
    after = cast.rosa.api().get(path).json()
    official, script = before["names"]
    former = {"name": "Shield", "kind": "former", "language": "", "source": ""}
    assert sorted(row["name"] for row in after["names"]) == sorted(
        ["Shield", official["name"], script["name"]]
    )
    assert official in after["names"]
    assert script in after["names"]
    assert former | {"from": None, "to": None} in after["names"]
    same = set(before) - {"names", "structure", "version", "updated_at"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_a_renamed_group_keeps_what_is_known_of_its_name(cast: Cast, group: ArmedGroup) -> None:
    changed = {"name": "Valley Shields", "names-1-name": "Shield", "names-1-kind": "former"}
    corrected(cast.amina.page, of(group, "correct"), **changed)
    row = group.names.get(kind="official")
    assert (row.name, str(row.begun), row.language) == ("Valley Shields", "2019-04", "en")


def test_kin_above_ones_clearance_stays(cast: Cast, group: ArmedGroup) -> None:
    hidden = a_group("Quiet Company", context=cast.valdoria, level=4)
    Lineage.objects.create(group=group, other=hidden, relation="alliance")
    address = of(group, "correct")
    assert hidden.name not in cast.amina.page.get(address).content.decode()
    answer = corrected(cast.amina.page, address, **{"lineage-0-relation": "wing"})
    assert answer.status_code == 302, says(answer)
    assert {(row.relation, row.other.name) for row in group.lineage.all()} == {
        ("wing", "Ford Company"),
        ("alliance", "Quiet Company"),
    }


def test_a_listing_makes_the_scores_of_the_group_due_and_a_note_does_not(cast: Cast) -> None:
    sent.recompute()
    address = reverse("group_correct", args=[cast.group.pk])
    assert cast.amina.page.get(address).status_code == 404  # a head's: on the reference list
    corrected(cast.rosa.page, address, note="Known since spring")
    assert behind(cast) == set()
    listed = {"listings-0-list": "un_sanctions", "listings-0-begun": "2024"}
    corrected(cast.rosa.page, address, **listed)
    assert behind(cast) == {1, 2, 3, 4}


def test_a_head_lifts_a_group_to_the_reference_list(cast: Cast, group: ArmedGroup) -> None:
    assert "lifted" not in held(cast.amina.page.get(of(group, "correct")))
    corrected(cast.rosa.page, of(group, "correct"), lifted="on", reason="Known to all")
    group.refresh_from_db()
    assert (group.context, group.level) == (None, 1)


def test_two_who_correct_a_group_are_joined_or_asked(cast: Cast, group: ArmedGroup) -> None:
    amina, address = cast.amina.page, of(group, "correct")
    mine = held(amina.get(address))
    corrected(cast.rosa.page, address, countries="XV", active_to="2025", motive=["autonomy"])
    motive = ["mixed", "religious_order"]
    asked = amina.post(address, mine | {"countries": "XV XS", "motive": motive, "note": "Mine"})
    assert asked.status_code == 409
    chosen = {"choice-countries": "mine", "choice-motive": "both"}
    saved = amina.post(address, held(asked) | chosen)
    assert saved.status_code == 302, says(saved)
    group.refresh_from_db()
    assert (group.countries, str(group.active_to), group.note) == (["XV", "XS"], "2025", "Mine")
    assert sorted(group.motive) == ["autonomy", "mixed", "religious_order"]


def test_an_end_before_its_beginning_is_refused_beside_it(cast: Cast, group: ArmedGroup) -> None:
    wrong = {"lineage-0-ended": "2018", "active_to": "2001"}
    answer = corrected(cast.amina.page, of(group, "correct"), **wrong)
    assert answer.status_code == 422
    assert says(answer).count("Check both dates.") >= 2


def test_of_an_ngo_types_and_names_change_and_the_rest_stays(cast: Cast, ngo: Ngo) -> None:
    path = f"ngos/{ngo.pk}/"
    before = cast.rosa.api().get(path).json()
    answer = corrected(
        cast.amina.page, of(ngo, "correct"), main_type="POL", further_types=[], acronym="2H"
    )
    assert answer.status_code == 302, says(answer)
    after = cast.rosa.api().get(path).json()
    assert after["types"] == [{"type": "POL", "primary": True}]
    assert after["acronym"] == "2H"
    assert {row["name"] for row in after["names"]} == {"Second House", "2H", "Seconde Maison"}
    for name in ("note", "external_ids", "context", "level", "service"):
        assert after[name] == before[name]


def test_years_of_service_move_the_scores_there(cast: Cast, service: NgoService) -> None:
    assert behind(cast) >= {2, 3, 4}
    sent.recompute()
    answer = corrected(cast.amina.page, of(service, "correct"), ended="2024-06", grade="A1")
    assert answer.headers["Location"] == reverse("ngo", args=[cast.ngo.pk])
    service.refresh_from_db()
    assert (str(service.ended), service.version) == ("2024-06", 2)
    assert behind(cast) == {2, 3, 4}
    page = words(cast.amina.page.get(reverse("ngo", args=[cast.ngo.pk])))
    assert re.search("Health care Valdoria ?, 2020 to 2024-06", page)
    sent.recompute()
    cast.rosa.page.post(of(service, "withdraw"), {"reason": "It was another NGO"})
    assert behind(cast) == {2, 3, 4}
    page = words(cast.rosa.page.get(reverse("ngo", args=[cast.ngo.pk])))
    assert "withdrawn" in page.lower()


def test_a_fact_is_ended_under_its_own_id(cast: Cast, fact: ContextFact) -> None:
    sent.recompute()
    answer = corrected(cast.amina.page, of(fact, "correct"), ended="2025-03")
    assert answer.headers["Location"] == reverse("context", args=[cast.valdoria.pk])
    stored = ContextFact.objects.get()
    assert (stored.pk, str(stored.ended), stored.version) == (fact.pk, "2025-03", 2)
    assert behind(cast) == {2, 3, 4}


def test_a_fact_narrowed_to_one_group_moves_the_others_too(cast: Cast, fact: ContextFact) -> None:
    other = sent.engagement(cast, armed_group=str(a_group("Ford Company").pk))
    made = sent.saved(cast.amina.api(), "engagements/", other)["id"]
    sent.recompute()
    corrected(cast.amina.page, of(fact, "correct"), armed_group=str(cast.group.pk))
    elsewhere = Dossier.objects.get(engagement=made)
    assert Standing.objects.get(dossier=elsewhere, clearance=2).is_behind
    assert behind(cast) == {2, 3, 4}


def test_two_who_correct_one_fact_are_asked(cast: Cast, fact: ContextFact) -> None:
    amina, address = cast.amina.page, of(fact, "correct")
    mine = held(amina.get(address))
    corrected(cast.rosa.page, address, ended="2025", source="Radio")
    asked = amina.post(address, mine | {"ended": "2025-06"})
    assert asked.status_code == 409
    assert "Source: Radio" in says(asked)
    amina.post(address, held(asked) | {"choice-ended": "mine"})
    fact.refresh_from_db()
    assert (str(fact.ended), fact.source, fact.version) == ("2025-06", "Radio", 3)


def test_facts_above_ones_clearance_are_untouched_by_a_new_one(
    cast: Cast, fact: ContextFact
) -> None:
    ContextFact.objects.filter(pk=fact.pk).update(level=4)
    told = {"fact": "peace_process:P2", "begun": "2025", "pk": str(uuid4())}
    address = reverse("new_fact", args=[cast.valdoria.pk])
    form = cast.amina.page.get(address).context["form"]
    values = [value for _, pairs in form.fields["fact"].choices[1:3] for value, _ in pairs]
    told["fact"] = next(value for value in values if value.startswith("peace_process:"))
    for _ in range(2):
        assert cast.amina.page.post(address, told).status_code == 302
    assert ContextFact.objects.count() == 2
    fact.refresh_from_db()
    assert (fact.state, fact.version) == ("current", 1)


def test_a_counterpart_is_made_and_corrected_by_code(cast: Cast, man: Counterpart) -> None:
    answer = corrected(cast.amina.page, of(man, "correct"), rank="L3", role="")
    assert answer.headers["Location"] == reverse("group", args=[cast.group.pk])
    man.refresh_from_db()
    assert (man.code, man.rank, man.role, man.level, man.version) == ("V-07", "L3", "", 3, 2)
    assert of(man, "correct") in cast.amina.page.get(answer.headers["Location"]).content.decode()
    assert of(man, "correct") not in cast.ann.page.get(answer.headers["Location"]).content.decode()
    too_high = corrected(cast.amina.page, of(man, "correct"), level="4")
    assert "Your clearance here is 3" in says(too_high)


def test_a_withdrawn_counterpart_is_shown_to_whoever_may_restore(
    cast: Cast, man: Counterpart
) -> None:
    cast.rosa.page.post(of(man, "withdraw"), {"reason": "The same as V-02"})
    page = reverse("group", args=[cast.group.pk])
    assert "V-07" in words(cast.rosa.page.get(page))
    assert "V-07" not in words(cast.amina.page.get(page))


def test_an_analyst_and_an_outsider_add_nothing(cast: Cast) -> None:
    second = an_ngo("Kestrian House", context=cast.kestria)
    for address in (
        reverse("new_service", args=[cast.ngo.pk]),
        reverse("new_counterpart", args=[cast.group.pk]),
    ):
        assert cast.ann.page.get(address).status_code == 403
        assert cast.ada.page.get(address).status_code == 403
    assert cast.amina.page.get(reverse("new_service", args=[second.pk])).status_code == 404
