"""The page of the method says what the code does: each number on it is one of the code's."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from scorecards.scoring.examples import example_a, example_b
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.gates import Known, entry_gates, falls
from scorecards.scoring.method import Method
from scorecards.scoring.moves import HELD_DAYS, SECOND_PERSON_FROM
from scorecards.scoring.violations import PATTERN_INCIDENTS, PRIOR, SURE
from scorecards.services.weights import active_weight_set, method_of
from tests.cast import person
from tests.engagements.reading_pages import links, plain, section, words
from tests.engagements.test_weight_sets import in_force

SIGNED = r"[+−]\d+\.\d\d"


@pytest.fixture
def address():
    return reverse("method")


@pytest.fixture
def hanna(cast):
    return person("Hanna", "head", 4, cast.kestria)


def number(text):
    return float(text.replace("−", "-"))


def test_everybody_signed_in_reads_it_and_finds_it_in_the_menu(cast, address):
    for someone in (cast.amina, cast.rosa, cast.ann, cast.oskar, cast.ada, cast.aude):
        page = someone.page.get(address)
        assert "Three rules above all others" in words(page)
        assert address in links(page)


def test_nobody_else_does(client, db, address):
    assert client.get(address).status_code == 302


def told_of(page):
    """What the page says of its parameters, read back from its words."""
    text = words(page)
    found = {
        "kappa": re.search(r"the prior κ = ([\d.]+)", text),
        "rho": re.search(r"ρ = ([\d.]+), because", text),
        "slack": re.search(r"more than λ = ([\d.]+)", text),
        "floor": re.search(r"max\(R\*, ([\d.]+)\)", text),
        "supported": re.search(r"From Q ([\d.]+) “supported”", text),
        "indicative": re.search(r"from ([\d.]+) “indicative”", text),
        "z": re.search(r"S ± ([\d.]+) times", text),
        "confidence": re.search(r"certain to ([\d.]+); else", text),
        "cap": re.search(r"range are held at ([\d.]+)", text),
    }
    assert all(found.values()), [name for name, one in found.items() if one is None]
    return {name: float(one.group(1)) for name, one in found.items() if one}


def parameters(method):
    card, success = method.integration, method.conduciveness
    names = {"kappa": success, "rho": success, "z": success, "confidence": success, "cap": success}
    names |= dict.fromkeys(("slack", "floor", "supported", "indicative"), card)
    return {name: getattr(part, name) for name, part in names.items()}


def weights_of(page):
    """Factor -> share, weight and half-life, from the rows of the table."""
    rows = re.findall(r"<tr role=\"row\">.*?</tr>", page.content.decode(), flags=re.S)
    cells = [[plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.S)]
             for row in rows]  # fmt: skip
    return {row[0].split()[0]: row[3:6] for row in cells if len(row) == 6 and row[1] in KINDS}


KINDS = ("computed", "judged")


def same_as_the_code(page, method):
    assert told_of(page) == parameters(method)
    shown = weights_of(page)
    assert set(shown) == {rule.code for rule in method.conduciveness.factors}
    for rule in method.conduciveness.factors:
        share, weight, half_life = shown[rule.code]
        omega = method.conduciveness.omega[rule.code]
        assert float(share) == rule.weight
        assert weight == (f"{round(100 * omega, 2):g} %" if omega else "recorded, counts nothing")
        assert half_life == (
            f"{rule.half_life:g}" if rule.half_life else "worked out anew each day"
        )
    reliability = method.grades.reliability
    table = re.search(r"<caption>Reliability.*?</table>", page.content.decode(), flags=re.S)
    assert table is not None
    cells = [float(one) for one in re.findall(r'class="number">([\d.]+)</td>', table.group())]
    assert cells == pytest.approx([value for grade, value in reliability.items() if grade])


def test_its_parameters_are_those_of_the_set_in_force(cast, address):
    same_as_the_code(cast.amina.page.get(address), Method.default())


def examples_agree(page, method):
    card, score = example_a(method), example_b(method)
    told = section(page, "example-a")
    assert f"= {card.index:.2f} , range {card.index_low:.2f} to {card.index_high:.2f}" in told
    for one in card.dimensions.values():
        assert f"= {one.estimate:.4f} ; Q =" in told
        assert f"R* = {one.capped:.4f}" in told
    told = section(page, "example-b")
    totals = re.search(r"S at first = 50 (.*?) = ([\d.]+)", told)
    moves = re.search(rf"moved by ({SIGNED}) : ageing ({SIGNED}), new facts ({SIGNED})", told)
    assert totals is not None
    assert moves is not None
    parts = [number(one) for one in totals.group(1).split()]
    assert sum(parts) + 50 == pytest.approx(score.before.score, abs=0.0075)
    assert totals.group(2) == f"{score.before.score:.2f}"
    assert [number(one) for one in moves.groups()] == pytest.approx(
        [
            score.after.score - score.before.score,
            score.aged.score - score.before.score,
            score.after.score - score.aged.score,
        ],
        abs=0.005,
    )


def test_the_examples_read_as_the_document_prints_them(cast, address):
    page = cast.amina.page.get(address)
    examples_agree(page, Method.default())
    a, b = section(page, "example-a"), section(page, "example-b")
    for printed in ("39.43", "24.79", "69.90", "48.75", "15.24", "9.32", "0.2845", "0.6345"):
        assert printed in a
    for printed in ("50.24", "49.39", "58.31", "16.97", "16.53", "+8.08", "−0.85", "+8.92", "0.69"):
        assert printed in b
    for printed in (
        "−0.290",
        "+0.661",
        "−1.218",
        "+4.000",
        "+5.075",
        "−0.152",
        "+3.975",
        "no clear direction",
    ):
        assert printed in b


def test_a_set_put_into_force_changes_what_the_page_says(cast, address, hanna):
    row = in_force(
        cast, hanna, kappa="3.5", rho="0.6", slack="0.2", half_QI1="9", share_GR4="2",
        bundle_armed_group="45", bundle_ngo="10", dimension_doctrine="40", dimension_training="10",
    )  # fmt: skip
    page = cast.amina.page.get(address)
    method = method_of(row)
    assert method.conduciveness.kappa == 3.5
    assert active_weight_set() == row
    same_as_the_code(page, method)
    examples_agree(page, method)
    assert "39.43" not in section(page, "example-a")
    assert reverse("weight_set", args=[row.pk]) in links(page)


def test_it_leads_to_the_sensitivity_of_the_dossiers_one_sees(cast, address):
    its = reverse("sensitivity", args=[cast.dossier.pk])
    for reader in (cast.amina, cast.ann):
        assert its in links(reader.page.get(address))
    for other in (cast.oskar, cast.ada):
        page = other.page.get(address)
        assert its not in links(page)
        assert cast.group.name not in words(page)


def test_the_ladder_and_the_panel_tell_the_limits_of_the_code(cast, address):
    page = cast.amina.page.get(address)
    ladder, beside = section(page, "ladder"), section(page, "beside")
    unknown = Known(DossierFacts("GEN"), timezone.localdate(), Method.default())
    for stage in range(1, 7):
        for gate in entry_gates(stage, unknown):
            if gate.kind == "criterion":
                assert f"{gate.code} {gate.need:g} or more" in ladder
            elif gate.kind == "value":
                words = gate.code.replace("_", " ").capitalize()
                assert f"{words} {gate.need:g} or more" in ladder
        for gate in falls(stage, unknown).get(stage, ()):
            if gate.kind == "value":
                words = gate.code.removesuffix("_low").capitalize()
                assert f"{words} below {gate.need:g}" in ladder
    assert f"for {HELD_DAYS.days} days" in ladder
    assert f"from stage {SECOND_PERSON_FROM} on" in ladder
    assert f"{PATTERN_INCIDENTS} credible or verified incidents of one category" in beside
    assert f"with a probability of {SURE:g} or more" in beside
    assert f"(n + {PRIOR:g}) / effort" in beside
