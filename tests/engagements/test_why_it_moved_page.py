"""The part of a dossier's page that says why its score moved, and the page with every factor."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.engagements import sent
from tests.engagements.reading_pages import links, section, words
from tests.engagements.test_why_a_score_moved import (
    LONG_AGO,
    THEN,
    month_end,
    moved,
    published_then,
    told_then,
)


@pytest.fixture
def story(cast):
    """Published once, then one good meeting more; the ids of both meetings."""
    old = told_then(cast, grade="A1")["id"]
    published_then(cast)
    readings = [{"factor": code, "rating": 4} for code in ("GR4", "GR8")]
    body = sent.meeting(cast, readings=readings, grade="A1", summary="An order was read out")
    new = sent.saved(cast.amina.api(), "interactions/", body)["id"]
    sent.recompute()
    return old, new


def dossier_page(cast, **days):
    return reverse("dossier", args=[cast.dossier.pk]), days


def full_page(cast):
    return reverse("movement", args=[cast.dossier.pk])


def test_the_split_stands_on_the_dossier_with_lines_that_lead_to_records(cast, story):
    address, days = dossier_page(cast, since=sent.day(THEN))
    answer = cast.amina.page.get(address, days)
    told, shown = moved(cast.amina.api(), cast), section(answer, "moved")
    for name, part in (("Ageing", "ageing"), ("New facts", "new_facts"), ("Blocked", "blocked")):
        row = re.search(rf"{name} [^\d]*?([+−]?[\d.]+)", shown)
        assert row is not None
        assert float(row.group(1).replace("−", "-")) == pytest.approx(told[part], abs=0.05)
    assert f"published {sent.day(THEN)}" in shown
    assert f"Top command committed: Talk about the rules, {sent.day(2)} (A1)" in shown
    assert "(A1)" in shown
    assert "An order was read out" not in shown
    assert reverse("meeting", args=[story[1]]) in links(answer)


def test_left_open_it_looks_a_month_back(cast, story):
    page = cast.amina.page.get(reverse("dossier", args=[cast.dossier.pk]))
    assert f'value="{sent.day(30)}"' in page.content.decode()
    assert "from a month ago to today" in section(page, "moved")


def test_every_factor_has_its_parts_and_its_records(cast, story):
    answer = cast.amina.page.get(full_page(cast), {"since": sent.day(LONG_AGO - 10)})
    assert "Nothing was published by then" in section(answer, "split")
    answer = cast.amina.page.get(full_page(cast), {"since": sent.day(THEN)})
    factors = section(answer, "factors")
    told = moved(cast.amina.api(), cast)
    for row in told["factors"]:
        if row["factor"] in ("GR4", "GR8", "QI1"):
            for part in ("ageing", "new_facts"):
                assert f"{row[part]:.4f}" in factors
    assert "Not moved: " in factors
    assert reverse("meeting", args=[story[1]]) in links(answer)
    evidence = reverse("evidence", args=[cast.dossier.pk, "success-factors"])
    assert f"{evidence}?factor=GR4" in links(answer)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"since": "last week"}, "Write a day as 2024-05-17."),
        ({"since": "2999-01-01"}, "The date lies in the future."),
        ({"since": "2025-05-01", "until": "2025-04-01"}, "The second day lies before the first."),
        ({"since": "2025-05-01", "until": "31.5."}, "Write a day as 2024-05-17."),
    ],
)
def test_days_that_make_no_period_are_said_beside_their_field_and_kept(cast, days, sentence):
    for address, part in ((dossier_page(cast)[0], "moved"), (full_page(cast), "split")):
        answer = cast.amina.page.get(address, days)
        assert sentence in section(answer, part)
        for typed in days.values():
            assert f'value="{typed}"' in answer.content.decode()


def test_what_else_was_chosen_on_the_page_stays_chosen(cast):
    answer = cast.amina.page.get(dossier_page(cast)[0], {"older_from": "2025-01"})
    kept = '<input type="hidden" name="older_from" value="2025-01">'
    assert kept in answer.content.decode()


def test_an_analyst_reads_months_and_follows_nothing_of_level_3(cast, story):
    ann = cast.ann.page
    answer = ann.get(full_page(cast))
    assert f'value="{month_end(0)}"' in answer.content.decode()
    for address in (full_page(cast), dossier_page(cast)[0]):
        answer = ann.get(address, {"since": month_end(60)})
        for part in ("split", "factors") if address == full_page(cast) else ("moved",):
            shown = section(answer, part)
            assert sent.day(2) not in shown
            assert "A1" not in shown
    assert reverse("meeting", args=[story[1]]) not in links(ann.get(full_page(cast)))
    wrong = ann.get(full_page(cast), {"since": "2025-05-17"})
    assert "choose the last day of one" in words(wrong)


def test_an_outsider_finds_no_such_page(cast):
    assert cast.oskar.page.get(full_page(cast)).status_code == 404
    assert cast.ada.page.get(full_page(cast)).status_code == 404
