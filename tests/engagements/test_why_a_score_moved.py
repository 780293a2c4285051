"""Why a score moved, told over the API: worked out again here from what the API itself shows.

The arithmetic is written out from section 3.4, not taken from the product's code.
"""

from __future__ import annotations

import math
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from actors.models import ArmedGroup, ContextFact, Listing, NgoService
from engagements.models import Blocker, Claim, Dossier, Engagement, FollowUp, Interaction
from engagements.scorer import rescore
from engagements.selectors.entered import known_by
from engagements.selectors.facts import conditions_facts, dossier_facts
from scorecards.models import Publication, WeightSet
from scorecards.scoring.digests import inputs_digest
from scorecards.scoring.method import Method
from tests.cast import Api, Cast
from tests.engagements import sent

PARTS = ("corrections", "ageing", "new_facts", "method", "blocked")
LONG_AGO, THEN = 200, 100  # days: when the old meeting was held, when the score was published
OMEGA = 0.25 / 6  # QI1: the bundle of the interaction, over its six factors
A1, C3 = 1.0, 0.6 * 0.55


def noon(days_ago: int) -> datetime:
    day = timezone.localdate() - timedelta(days=days_ago)
    return datetime.combine(day, time(12), timezone.get_current_timezone())


def told_then(cast: Cast, **more: Any) -> Any:
    """A meeting that was entered long ago, on the day on which it was held."""
    body = {"held_on": sent.day(LONG_AGO), "readings": [{"factor": "QI1", "rating": 4}]}
    row = sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast, **body, **more))
    Interaction.objects.filter(pk=row["id"]).update(
        created_at=noon(LONG_AGO), updated_at=noon(LONG_AGO)
    )
    return row


def published_then(cast: Cast, days_ago: int = THEN) -> None:
    """What is known now becomes what was published that many days ago, at every clearance."""
    day = timezone.localdate() - timedelta(days=days_ago)
    rescore(cast.dossier.pk, as_of=day, everything=True)
    newest = Publication.objects.filter(dossier=cast.dossier, published_at__gt=noon(days_ago))
    newest.update(published_at=noon(days_ago))


def moved(api: Api, cast: Cast, since: int = THEN, more: str = "") -> Any:
    path = f"success-factors/{cast.dossier.pk}/movement/?since={sent.day(since)}{more}"
    answer = api.get(path)
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert abs(body["remainder"]) < 1e-9
    move = body["to"]["score"] - body["from"]["score"]
    assert math.fsum(body[part] for part in PARTS) == pytest.approx(move, abs=1e-9)
    for part in PARTS[:-1]:
        over = math.fsum(row[part] for row in body["factors"])
        assert over == pytest.approx(body[part], abs=1e-9)
    return body


def factor(body: Any, code: str) -> Any:
    return next(row for row in body["factors"] if row["factor"] == code)


def weight(reliability: float, days: int) -> float:
    return reliability * 0.5 ** (days / 30.4375 / 6)  # QI1 halves in six months


def test_ageing_and_new_facts_as_anyone_can_work_them_out(cast: Cast) -> None:
    api = cast.amina.api()
    told_then(cast, grade="A1")
    published_then(cast)
    body = sent.meeting(cast, readings=[{"factor": "QI1", "rating": 1}], grade="C3")
    new = sent.saved(api, "interactions/", body)
    sent.recompute()

    told = moved(api, cast)
    trust = factor(told, "QI1")
    then, now, added = weight(A1, LONG_AGO - THEN), weight(A1, LONG_AGO), weight(C3, 2)
    mean0, aged = (1 + then) / (2 + then), (1 + now) / (2 + now)
    assert trust["ageing"] == pytest.approx(100 * OMEGA * (aged - mean0), abs=1e-9)
    points = 100 * OMEGA * added * (0.25 - aged) / (2 + now + added)
    assert trust["new_facts"] == pytest.approx(points, abs=1e-9)
    assert trust["corrections"] == pytest.approx(0, abs=1e-9)
    (fact,) = trust["facts"]
    assert fact["source"]["id"] == new["id"]
    assert fact["points"] == pytest.approx(points, abs=1e-9)
    assert api.get(fact["source"]["href"]).json()["id"] == new["id"]
    assert told["corrections"] == pytest.approx(0, abs=1e-9)
    assert told["method"] == 0
    assert told["from"]["as_of"] == sent.day(THEN)
    assert told["to"]["as_of"] == sent.day()
    assert told["note"] is None


def test_a_late_entry_is_a_new_fact_whatever_its_date(cast: Cast) -> None:
    api = cast.amina.api()
    published_then(cast)
    readings = [{"factor": "QI1", "rating": 4}]
    body = sent.meeting(cast, readings=readings, held_on=sent.day(LONG_AGO), grade="A1")
    sent.saved(api, "interactions/", body)
    sent.recompute()
    trust = factor(moved(api, cast), "QI1")
    mean = (1 + weight(A1, LONG_AGO)) / (2 + weight(A1, LONG_AGO))
    assert trust["new_facts"] == pytest.approx(100 * OMEGA * (mean - 0.5), abs=1e-9)
    assert trust["ageing"] == trust["corrections"] == 0


@pytest.mark.parametrize("act", ["edit", "regrade", "withdraw"])
def test_a_change_of_an_old_record_is_a_correction(cast: Cast, act: str) -> None:
    api = cast.amina.api()
    old = told_then(cast, grade="A1")
    published_then(cast)
    address = f"interactions/{old['id']}/"
    changes: dict[str, dict[str, Any]] = {
        "edit": {"readings": [{"factor": "QI1", "rating": 1}]},
        "regrade": {"grade": "C3"},
    }
    if act == "withdraw":
        api.post(f"{address}withdraw/", {"reason": "It was another group"})
    else:
        api.patch(address, {**changes[act], "reason": "The notebook says so"})
    sent.recompute()

    told = moved(api, cast)
    trust = factor(told, "QI1")
    age = LONG_AGO - THEN
    then = weight(A1, age)
    stands = {
        "edit": (1 + 0.25 * then) / (2 + then),
        "regrade": (1 + weight(C3, age)) / (2 + weight(C3, age)),
        "withdraw": 0.5,
    }[act]
    expected = 100 * OMEGA * (stands - (1 + then) / (2 + then))
    assert trust["corrections"] == pytest.approx(expected, abs=1e-9)
    assert trust["facts"] == []
    line = told["lines"][0]
    assert (line["factor"], line["part"]) == ("QI1", "corrections")
    assert line["source"]["id"] == old["id"]
    assert ("was withdrawn" if act == "withdraw" else "was corrected") in line["text"]


def test_lines_are_three_at_most_the_largest_first_with_record_and_grade(cast: Cast) -> None:
    api = cast.amina.api()
    told_then(cast)
    published_then(cast)
    strong = [{"factor": code, "rating": 4} for code in ("GR4", "QI1", "GR8", "NG1", "QI3")]
    new = sent.saved(api, "interactions/", sent.meeting(cast, readings=strong, grade="A1"))
    sent.recompute()
    lines = moved(api, cast)["lines"]
    assert len(lines) == 3
    sizes = [abs(row["points"]) for row in lines]
    assert sizes == sorted(sizes, reverse=True)
    for row in lines:
        assert row["text"].startswith(f"{row['points']:+.1f} ")
        assert row["text"].endswith(f", {sent.day(2)} (A1)")
        assert (row["part"], row["source"]["id"], row["grade"]) == ("new_facts", new["id"], "A1")
    assert any("Seen as neutral: " in row["text"] for row in lines)


def test_an_old_bad_sign_that_fades_is_never_progress(cast: Cast) -> None:
    api = cast.amina.api()
    readings = [{"factor": "QI1", "rating": 0}]
    body = sent.meeting(cast, readings=readings, held_on=sent.day(LONG_AGO), type="msg")
    row = sent.saved(api, "interactions/", body)
    Interaction.objects.filter(pk=row["id"]).update(created_at=noon(LONG_AGO))
    published_then(cast, LONG_AGO - 1)
    told = moved(api, cast, LONG_AGO - 1)
    assert factor(told, "QI1")["ageing"] > 0
    (line,) = (row for row in told["lines"] if row["factor"] == "QI1")
    assert "an old bad sign weighs less" in line["text"]
    assert line["source"]["id"] == row["id"]


def test_a_good_reading_that_fades_says_how_old_it_is(cast: Cast) -> None:
    told_then(cast, type="msg")
    published_then(cast, LONG_AGO - 1)
    (line,) = (
        row
        for row in moved(cast.amina.api(), cast, LONG_AGO - 1)["lines"]
        if row["factor"] == "QI1"
    )
    assert "Personal trust: last reading is 7 months old" in line["text"]
    assert line["part"] == "ageing"
    assert line["points"] < 0


def test_the_cap_is_a_line_of_its_own(cast: Cast) -> None:
    api = cast.amina.api()
    strong = [{"factor": code, "rating": 4} for code in ("GR4", "QI1", "GR8", "NG1", "QI3")]
    body = sent.meeting(cast, readings=strong, grade="A1", held_on=sent.day(LONG_AGO))
    row = sent.saved(api, "interactions/", body)
    Interaction.objects.filter(pk=row["id"]).update(created_at=noon(LONG_AGO))
    published_then(cast)
    raised = sent.saved(api, "blockers/", sent.blocker(cast))
    sent.recompute()
    told = moved(api, cast)
    assert told["to"]["score"] == 40.0
    assert told["blocked"] == pytest.approx(40.0 - told["to"]["uncapped"])
    assert told["lines"][0]["part"] == "blocked"
    assert told["lines"][0]["text"].startswith(f"blocked: {told['blocked']:+.1f} (cannot meet")
    assert told["lines"][0]["source"]["id"] == raised["id"]
    # Published while it stood, and lifted since: the cap's line comes back, unrounded.
    sent.recompute()
    Publication.objects.filter(dossier=cast.dossier).update(published_at=noon(5))
    Blocker.objects.filter(pk=raised["id"]).update(created_at=noon(9))
    lifting = {"lifted_on": sent.day(), "note": "Guarantee given"}
    assert cast.rosa.api().patch(f"blockers/{raised['id']}/", lifting).status_code == 200
    sent.recompute()
    lifted = moved(api, cast, 4)
    assert lifted["blocked"] == pytest.approx(-told["blocked"], abs=1)
    assert lifted["to"]["blocked"] == 0


def test_another_weight_set_is_the_method_part(cast: Cast) -> None:
    told_then(cast)
    published_then(cast)
    plain = Method.default().to_dict()
    plain["version"], plain["conduciveness"]["kappa"] = "9.0.0", 4
    method = Method.from_dict(plain)
    WeightSet.objects.filter(state="active").update(state="retired")
    WeightSet.objects.create(
        version="9.0.0",
        state="active",
        parameters=plain,
        checksum=method.checksum,
        rationale="x",
        author=cast.rosa.user,
    )
    told = moved(cast.amina.api(), cast)
    assert (told["from"]["method"]["version"], told["to"]["method"]["version"]) == (
        Method.default().version,
        "9.0.0",
    )
    now = weight(0.64, LONG_AGO)
    expected = 100 * OMEGA * ((2 + now) / (4 + now) - (1 + now) / (2 + now))
    assert factor(told, "QI1")["method"] == pytest.approx(expected, abs=1e-9)
    assert any("Method: version 9.0.0 instead of" in row["text"] for row in told["lines"])


def test_without_a_publication_by_then_it_starts_from_what_was_known_and_says_so(
    cast: Cast,
) -> None:
    told_then(cast)
    told = moved(cast.amina.api(), cast, LONG_AGO - 10)
    assert told["note"].startswith("Nothing was published by then")
    assert told["from"]["published_at"] is None
    assert told["corrections"] == 0
    then = weight(0.64, 10)
    expected = 100 * OMEGA * ((1 + then) / (2 + then) - 0.5)
    aged = 100 * OMEGA * ((1 + weight(0.64, LONG_AGO)) / (2 + weight(0.64, LONG_AGO)) - 0.5)
    assert factor(told, "QI1")["ageing"] == pytest.approx(aged - expected, abs=1e-9)


def test_between_any_two_days(cast: Cast) -> None:
    """Up to a day in the past: what was entered by its end, aged to it, and nothing later."""
    api = cast.amina.api()
    told_then(cast)
    published_then(cast)
    sent.saved(api, "interactions/", sent.meeting(cast, readings=[{"factor": "QI1", "rating": 0}]))
    sent.recompute()
    told = moved(api, cast, more=f"&until={sent.day(50)}")
    assert told["to"]["as_of"] == sent.day(50)
    assert factor(told, "QI1")["facts"] == []
    assert told["new_facts"] == 0
    whole = moved(api, cast, more=f"&until={sent.day()}")
    assert whole["to"]["score"] == moved(api, cast)["to"]["score"]
    assert len(factor(whole, "QI1")["facts"]) == 1


def test_nothing_above_the_clearance_takes_part(cast: Cast) -> None:
    head, api = cast.rosa.api(), cast.amina.api()
    told_then(cast)
    published_then(cast)
    path = f"success-factors/{cast.dossier.pk}/movement/?since={sent.day(THEN)}"
    before = api.get(path)
    readings = [{"factor": "GR4", "rating": 0}]
    row = sent.saved(head, "interactions/", sent.meeting(cast, readings=readings))
    assert api.get(path).content != before.content
    Interaction.objects.filter(pk=row["id"]).update(level=4)
    after = api.get(path)
    assert after.content == before.content
    assert after.headers["ETag"] == before.headers["ETag"]
    assert row["id"] not in after.content.decode()
    assert head.get(f"{path}&clearance=3").json()["factors"] == before.json()["factors"]
    # A token reads to level 3; at level 2 the meeting of level 3 counts no more.
    assert moved(api, cast, more="&clearance=2")["ageing"] == 0


def test_raising_an_old_record_above_the_clearance_is_a_correction_without_a_link(
    cast: Cast,
) -> None:
    old = told_then(cast)
    published_then(cast)
    Interaction.objects.filter(pk=old["id"]).update(level=4, updated_at=timezone.now())
    answer = cast.amina.api().get(
        f"success-factors/{cast.dossier.pk}/movement/?since={sent.day(THEN)}"
    )
    assert old["id"] not in answer.content.decode()
    assert any(row["part"] == "corrections" for row in answer.json()["lines"])


def test_what_was_entered_by_a_moment_is_told_alike_with_and_without_reading_it_again(
    cast: Cast, subtests: Any
) -> None:
    """Facts of every kind, each entered on a day of its own."""
    for number, kind in enumerate(entered_one_by_one(cast)):
        kind.update(created_at=noon(90 - 10 * number))
    dossier = Dossier.objects.select_related("engagement__armed_group").get(pk=cast.dossier.pk)
    everything = dossier_facts(dossier)
    digests = set()
    for days in range(100, -10, -5):
        with subtests.test(days=days):
            read = conditions_facts(dossier, noon(days))
            cut = known_by(everything, dossier, noon(days))
            assert inputs_digest(cut) == inputs_digest(read)
            digests.add(inputs_digest(read).conduciveness)
    assert len(digests) == 9  # none, and one more with each of the eight


def entered_one_by_one(cast: Cast) -> list[Any]:
    """One record of each kind that conditions rest on, as a queryset each."""
    api, rosa = cast.amina.api(), cast.rosa.api()
    met = sent.saved(api, "interactions/", sent.meeting(cast))["id"]
    claim = sent.saved(api, "claims/", sent.claim(met, due_on=sent.day(1)))["id"]
    step = sent.saved(api, "follow-ups/", sent.follow_up(met, due_on=sent.day(1)))["id"]
    raised = sent.saved(api, "blockers/", sent.blocker(cast))["id"]
    fact = {"kind": "intensity", "value": "I1", "from": "2026", "grade": "B2"}
    service = {"context": str(cast.valdoria.pk), "kind": "health", "from": "2024", "grade": "B2"}
    listing = {"list": "regional", "from": "2020", "grade": "B2"}
    for path, body in (
        (f"contexts/{cast.valdoria.pk}/", {"facts": [fact]}),
        (f"ngos/{cast.ngo.pk}/", {"service": [service]}),
        (f"armed-groups/{cast.group.pk}/", {"listings": [listing], "active_from": "2020"}),
    ):
        assert rosa.patch(path, body).status_code == 200, path
    return [
        Engagement.objects.filter(pk=cast.engagement.pk),
        ArmedGroup.objects.filter(pk=cast.group.pk),
        ContextFact.objects.filter(context=cast.valdoria),
        NgoService.objects.filter(ngo=cast.ngo),
        Listing.objects.filter(group=cast.group),
        Interaction.objects.filter(pk=met),
        Claim.objects.filter(pk=claim),
        FollowUp.objects.filter(pk=step),
        Blocker.objects.filter(pk=raised),
    ]


def test_a_listing_sent_again_keeps_the_moment_it_was_entered(cast: Cast) -> None:
    rosa, path = cast.rosa.api(), f"armed-groups/{cast.group.pk}/"
    old = {"list": "regional", "from": "2020", "grade": "B2"}
    assert rosa.patch(path, {"listings": [old]}).status_code == 200
    Listing.objects.update(created_at=noon(LONG_AGO))
    new = {"list": "un_sanctions", "from": "2021", "grade": "A1"}
    assert rosa.patch(path, {"listings": [old | {"grade": "A2"}, new]}).status_code == 200
    entered = {row.list: row.created_at for row in Listing.objects.all()}
    assert entered["regional"] == noon(LONG_AGO)
    assert entered["un_sanctions"] > noon(1)


def mean_of(api: Api, cast: Cast, day: str, entered_by: str) -> float:
    """The mean of QI1 from the rows of evidence alone."""
    asked = f"evidence/?factor=QI1&as_of={day}&entered_by={entered_by}"
    rows = api.get(f"success-factors/{cast.dossier.pk}/{asked}").json()["results"]
    said = math.fsum(row["w"] * row["u"] for row in rows)
    return (1 + said) / (2 + math.fsum(row["w"] for row in rows))


def test_evidence_of_what_was_entered_by_then_gives_every_part(cast: Cast) -> None:
    api = cast.amina.api()
    old = told_then(cast, grade="A1")
    published_then(cast)
    said = 100 * OMEGA * ((1 + weight(A1, LONG_AGO - THEN)) / (2 + weight(A1, LONG_AGO - THEN)))
    sent.saved(api, "interactions/", sent.meeting(cast, readings=[{"factor": "QI1", "rating": 2}]))
    change = {"readings": [{"factor": "QI1", "rating": 3}], "reason": "As the notebook has it"}
    assert api.patch(f"interactions/{old['id']}/", change).status_code == 200
    told = moved(api, cast)
    trust, start, end = factor(told, "QI1"), told["from"], told["to"]
    then = mean_of(api, cast, start["as_of"], start["entered_by"])
    aged = mean_of(api, cast, end["as_of"], start["entered_by"])
    now = mean_of(api, cast, end["as_of"], end["entered_by"])
    assert trust["corrections"] == pytest.approx(100 * OMEGA * then - said, abs=1e-9)
    assert trust["ageing"] == pytest.approx(100 * OMEGA * (aged - then), abs=1e-9)
    assert trust["new_facts"] == pytest.approx(100 * OMEGA * (now - aged), abs=1e-9)


@pytest.mark.parametrize(
    "query",
    [
        "entered_by=2026-01-31",
        "as_of=2026-01-31&entered_by=soon",
        "as_of=2026-01-31&entered_by=2026-01-31T10:00:00",
        "as_of=2026-01-31&entered_by=2026-13-31",
    ],
)
def test_a_moment_of_entry_is_a_moment_and_goes_with_a_day(cast: Cast, query: str) -> None:
    answer = cast.amina.api().get(f"success-factors/{cast.dossier.pk}/evidence/?{query}")
    assert "entered_by" in sent.refused(answer)


def test_a_reader_of_months_asks_for_entries_by_publications_and_months(cast: Cast) -> None:
    told_then(cast)
    published_then(cast)
    ann, end = cast.ann.api(), month_end(60)
    path = f"success-factors/{cast.dossier.pk}/evidence/?as_of={end}&entered_by="
    assert "entered_by" in sent.refused(ann.get(f"{path}{end[:8]}02"))
    assert "entered_by" in sent.refused(ann.get(f"{path}{end}T10:00:00Z"))
    assert ann.get(path + end).status_code == 200
    moment = moved(ann, cast, 0)["from"]["published_at"]
    assert moment is not None
    assert ann.get(path + moment).status_code == 200


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "since"),
        ("since=", "since"),
        ("since=yesterday", "since"),
        ("since=2024-02-30", "since"),
        ("since=2999-01-01", "since"),
        ("since=2024-01-01&until=2999-01-01", "until"),
        ("since=2024-05-01&until=2024-04-01", "until"),
        ("since=2024-05-01&until=x", "until"),
        ("since=2024-05-01&until=9999-12-31", "until"),
        ("since=2024-05-01&clearance=4", "clearance"),
        ("since=2024-05-01&clearance=0", "clearance"),
        ("since=2024-05-01&from=2024-05-01", "from"),
        ("since=2024-05-01&since=2024-05-02", "since"),
    ],
)
def test_days_that_make_no_period_are_refused_by_name(cast: Cast, query: str, names: str) -> None:
    answer = cast.amina.api().get(f"success-factors/{cast.dossier.pk}/movement/?{query}")
    assert names in sent.refused(answer)


def test_the_first_day_of_all_is_a_day_too(cast: Cast) -> None:
    path = f"success-factors/{cast.dossier.pk}/movement/?since=0001-01-01"
    told = cast.amina.api().get(path).json()
    assert told["from"]["score"] == 50.0


def test_an_outsider_finds_nothing(cast: Cast) -> None:
    path = f"success-factors/{cast.dossier.pk}/movement/?since=2024-05-01"
    assert cast.oskar.api().get(path).status_code == 404
    absent = path.replace(str(cast.dossier.pk), "00000000-0000-4000-8000-000000000000")
    assert cast.amina.api().get(absent).status_code == 404


# --- A reader of months ---------------------------------------------------------------------------


def month_end(days_ago: int) -> str:
    day = timezone.localdate() - timedelta(days=days_ago)
    return (day.replace(day=1) - timedelta(days=1)).isoformat()


def test_an_analyst_chooses_months_and_follows_nothing_of_level_3(cast: Cast) -> None:
    api, ann = cast.amina.api(), cast.ann.api()
    told_then(cast)
    published_then(cast, 120)
    strong = [{"factor": code, "rating": 4} for code in ("GR4", "QI1")]
    new = sent.saved(api, "interactions/", sent.meeting(cast, readings=strong, grade="A1"))
    sent.recompute()
    path = f"success-factors/{cast.dossier.pk}/movement/?since="
    assert "since" in sent.refused(ann.get(f"{path}2024-05-17"))
    mid = f"{path}2024-05-31&until=2024-06-15"
    assert "until" in sent.refused(ann.get(mid))
    answer = ann.get(path + month_end(60))
    told, full = answer.json(), api.get(path + month_end(60)).json()
    for part in PARTS:
        assert told[part] == pytest.approx(full[part], abs=1e-12)
    text = answer.content.decode()
    for hidden in (new["id"], "A1", sent.day(2), sent.day(LONG_AGO)):
        assert hidden not in text.replace(told["to"]["as_of"], "")
    trust = factor(told, "QI1")["facts"]
    assert [(row["grouped"], row["evidence_count"]) for row in trust] == [(True, 1)]
    assert all(row["source"] is None and row["grade"] is None for row in told["lines"])
