"""Dossiers side by side, or one at two dates: as chosen, each number with its evidence."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from engagements.models import Dossier
from scorecards.models import ScoreSnapshot, Standing, WeightSet
from tests.cast import a_group, an_ngo
from tests.engagements import sent
from tests.engagements.reading_pages import links, plain, words


def page(who, *dossiers, at=()):
    asked = [("dossier", str(getattr(one, "pk", one))) for one in dossiers]
    asked += [("at", day) for day in at]
    return who.page.get(f"{reverse('compare')}?{urlencode(asked)}")


def line(answer, name):
    """The cells of the line with this name, as words."""
    rows = re.findall(r'<tr role="row">(.*?)</tr>', answer.content.decode(), flags=re.S)
    for row in rows:
        head = re.search(r'<th role="rowheader" scope="row">(.*?)</th>', row, flags=re.S)
        if head and plain(head.group(1)) == name:
            return [plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, flags=re.S)]
    raise AssertionError(name)


@pytest.fixture
def other(cast):
    """Another NGO's dossier on the same group."""
    told = sent.engagement(cast, ngo=str(an_ngo("Ford Watch").pk))
    made = sent.saved(cast.amina.api(), "engagements/", told)
    return Dossier.objects.get(engagement=made["id"])


@pytest.fixture
def topic(cast):
    made = sent.saved(cast.amina.api(), "dossiers/", sent.dossier(cast))
    return Dossier.objects.get(pk=made["id"])


def assessed(cast, dossier, rating, days=0, grade="A1"):
    """A final assessment that rates all of doctrine alike."""
    rows = [{"criterion": f"D{n}", "rating": rating, "grade": grade} for n in range(1, 12)]
    body = sent.assessment(cast, dossier=str(dossier.pk), ratings=rows, as_of=sent.day(days))
    pk = sent.saved(cast.amina.api(), "assessments/", body)["id"]
    assert cast.amina.api().post(f"assessments/{pk}/submit/").status_code == 200
    assert cast.rosa.api().post(f"assessments/{pk}/finalise/").status_code == 200


def test_two_dossiers_stand_side_by_side_in_the_order_chosen(cast, other):
    assessed(cast, cast.dossier, 1)
    assessed(cast, other, 4)
    sent.recompute()
    for order, values in (
        ((cast.dossier, other), ["0.25", "1.00"]),
        ((other, cast.dossier), ["1.00", "0.25"]),
    ):
        cells = line(page(cast.amina, *order), "Doctrine")
        assert [cell[:4] for cell in cells] == values
    answer = page(cast.amina, other, cast.dossier)
    assert line(answer, "Training") == 2 * ["not enough evidence 0.00 – 1.00; 0% known"]
    assert "Nothing is ranked or averaged" in words(answer)
    forward = [one for one in links(answer) if one.startswith("/compare/?dossier=")]
    assert forward == [f"/compare/?dossier={cast.dossier.pk}&dossier={other.pk}"]


def test_one_dossier_at_two_dates_and_its_numbers_lead_to_their_evidence(cast):
    assessed(cast, cast.dossier, 1, days=90)
    assessed(cast, cast.dossier, 4, days=5)
    sent.recompute()
    answer = page(cast.amina, cast.dossier, at=(sent.day(60), sent.day(1)))
    assert [cell[:4] for cell in line(answer, "Doctrine")] == ["0.25", "1.00"]
    evidence = reverse("evidence", args=[cast.dossier.pk, "scorecard"])
    for day in (sent.day(60), sent.day(1)):
        assert f"{evidence}?dimension=doctrine&as_of={day}" in links(answer)
    before = cast.amina.page.get(f"{evidence}?dimension=doctrine&as_of={sent.day(60)}")
    assert "1 of 4" in words(before)
    assert "4 of 4" not in words(before)
    assert f"What counts on {sent.day(60)}" in words(before)


def test_one_date_is_compared_with_what_is_published_now(cast):
    assessed(cast, cast.dossier, 1, days=90)
    assessed(cast, cast.dossier, 4, days=5)
    sent.recompute()
    answer = page(cast.amina, cast.dossier, at=(sent.day(60), ""))
    assert [cell[:4] for cell in line(answer, "Doctrine")] == ["0.25", "1.00"]


def test_several_dossiers_on_one_past_day(cast, other):
    assessed(cast, cast.dossier, 1, days=90)
    assessed(cast, other, 4, days=5)
    answer = page(cast.amina, cast.dossier, other, at=(sent.day(60),))
    cells = line(answer, "Doctrine")
    assert cells[0].startswith("0.25")
    assert cells[1].startswith("not enough evidence")


def test_violations_stand_beside_and_name_their_standard(cast, other):
    sent.saved(cast.amina.api(), "incidents/", sent.incident(cast))
    sent.recompute()
    answer = page(cast.amina, cast.dossier, other)
    assert "1 credible" in line(answer, "Murder or summary execution")[0]
    assert line(answer, "Pattern") == ["no pattern", "no pattern"]
    assert line(answer, "Rate of incidents")[0].startswith("no trend without watching effort")


def test_what_is_hidden_absent_or_misspelt_looks_alike(cast, other):
    Dossier.objects.filter(pk=other.pk).update(level=4)
    third = "0f0f0f0f-0000-4000-8000-000000000000"
    shown = [
        page(cast.amina, cast.dossier, unknown).content.decode().replace(str(unknown), "?")
        for unknown in (other.pk, third, "not-an-id")
    ]
    token = r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"'
    bare = [re.sub(token, "", one) for one in shown]
    assert bare[0] == bare[1] == bare[2]
    assert "is not there, or not yours to see" in bare[0]
    assert "Ford Watch" not in bare[0]
    assert "Ford Watch" in words(page(cast.rosa, cast.dossier, other))


def test_different_weight_sets_are_named_and_not_compared_silently(cast, other):
    sent.recompute()
    assert "different weight sets" not in words(page(cast.amina, cast.dossier, other))
    old = WeightSet.objects.get(state="active")
    new = WeightSet.objects.create(
        version="9.9.9",
        parameters=old.parameters,
        checksum="x",
        rationale="A test",
        author=cast.rosa.user,
    )
    card = Standing.objects.get(dossier=other, clearance=3).scorecard
    ScoreSnapshot.objects.filter(pk=card.pk).update(weight_set=new)
    answer = words(page(cast.amina, cast.dossier, other))
    assert f"different weight sets ({old.version} and 9.9.9)" in answer


def test_a_decentralised_group_is_told_to_fit_in_part(cast, other):
    type(cast.group).objects.filter(pk=cast.group.pk).update(structure="DEC")
    cells = line(page(cast.amina, cast.dossier, other), "How far the card fits")
    assert "decentralised" in cells[0]


def test_an_analyst_chooses_ends_of_months(cast):
    refused = page(cast.ann, cast.dossier, at=("2026-01-15", ""))
    assert refused.status_code == 422
    assert "choose the last day of one" in refused.content.decode()
    assert page(cast.ann, cast.dossier, at=("2026-01-31", "")).status_code == 200
    evidence = reverse("evidence", args=[cast.dossier.pk, "scorecard"])
    assert cast.ann.page.get(f"{evidence}?as_of=2026-01-15").status_code == 404


@pytest.mark.parametrize(
    ("count", "days", "said"),
    [
        (1, ("2999-01-01", ""), "The date lies in the future"),
        (1, ("0001-01-01", ""), "The date lies before 1900"),
        (1, ("soon", ""), "Write a day as"),
        (2, ("2026-01-31", "2026-02-28"), "Leave the second date empty"),
        (6, (), "Choose at most five"),
    ],
)
def test_what_makes_no_sense_is_said_in_words(cast, other, count, days, said):
    more = [cast.dossier, other, *range(4)][:count]
    answer = page(cast.amina, *more, at=days)
    assert answer.status_code in (200, 422)
    assert said in answer.content.decode()
    if days:
        assert days[0] in answer.content.decode()


def test_the_chooser_is_reached_from_dossier_and_group_and_offers_kin_first(cast, other, topic):
    chooser = f"{reverse('compare')}?dossier={cast.dossier.pk}"
    assert chooser in links(cast.amina.page.get(reverse("dossier", args=[cast.dossier.pk])))
    group = links(cast.amina.page.get(reverse("group", args=[cast.group.pk])))
    side_by_side = next(one for one in group if one.startswith(reverse("compare")))
    assert all(str(one.pk) in side_by_side for one in (cast.dossier, other, topic))
    first = a_group("A far away band")
    told = sent.engagement(cast, armed_group=str(first.pk))
    sent.saved(cast.amina.api(), "engagements/", told)
    answer = cast.amina.page.get(chooser)
    assert "Choose two to five" in words(answer)
    offered = re.findall(r'type="checkbox"[^>]*>\s*<span>(.*?)</span>', answer.content.decode())
    assert "River Front" in offered[0]
    assert "far away" in offered[-1]


def test_nobody_outside_sees_a_column(cast, other):
    answer = page(cast.oskar, cast.dossier, other)
    assert "Lantern" not in answer.content.decode()
    assert "Lantern" not in page(cast.aude, cast.dossier).content.decode()


def test_published_columns_cost_a_few_queries_each(
    cast, other, topic, django_assert_max_num_queries
):
    sent.recompute()
    with django_assert_max_num_queries(40):
        assert page(cast.amina, cast.dossier, other, topic).status_code == 200


@pytest.mark.parametrize("kind", ["scorecards", "success-factors"])
def test_a_day_before_every_record_is_refused_over_rest_too(cast, kind):
    path = f"{kind}/{cast.dossier.pk}/"
    for address in (f"{path}?as_of=0001-01-01", f"{path}evidence/?as_of=1899-12-31"):
        assert "before 1900" in sent.refused(cast.amina.api().get(address))["as_of"]
    assert cast.amina.api().get(f"{path}?as_of=1900-01-01").status_code == 200
