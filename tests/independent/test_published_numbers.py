"""Every published number of the sample register, worked out again from its evidence alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from engagements.samples.cast import PASSWORD
from tests.independent import document
from tests.independent.checking import Checked, every, token_of

pytestmark = pytest.mark.django_db

WHOLE = 1e-9  # evidence rows and what is worked out of them row by row
ROUNDED = 5.1e-5  # the API's four decimals


@pytest.mark.parametrize(
    ("name", "clearance"), [("amina", 3), ("rosa", 1), ("rosa", 2), ("ann", 3), ("oskar", 3)]
)
def test_by_token(sample, name, clearance):
    api, checked = token_of(name), Checked()
    for kind, check in (("success-factors", check_success), ("scorecards", check_card)):
        for told in every(api, f"{kind}/?limit=200&clearance={clearance}"):
            if told["state"] == "current":
                address = f"{kind}/{told['dossier']['id']}/evidence/?clearance={clearance}"
                check(checked, told, every(api, address, of=told["inputs_digest"]))
    assert not checked.wrong, "\n".join(checked.wrong[:20])
    assert checked.count["numbers"] > 1000


def test_at_level_4_by_the_pages(sample):
    browser, checked, api = Client(), Checked(), token_of("rosa")
    assert browser.login(username="rosa", password=PASSWORD)
    for one in every(api, "success-factors/?limit=200"):
        told = browser.get(f"/dossiers/{one['dossier']['id']}/scores.json").json()
        for kind, check in (("success_factors", check_success), ("scorecard", check_card)):
            if told[kind]["state"] == "current":
                check(checked, told[kind], told[kind]["evidence"]["results"])
    assert not checked.wrong, "\n".join(checked.wrong[:20])
    assert checked.count["numbers"] > 1000


def check_success(checked: Checked, told: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    where, as_of = told["dossier"]["id"], date.fromisoformat(told["as_of"])
    for row in rows:
        if not row.get("grouped"):
            check_row(checked, f"{where} {row['factor']}", row, as_of)
    mine = document.success_factors(rows, bool(told["blockers"]))
    for name in ("uncapped", "score", "sd", "low", "high"):
        checked.number(f"{where} {name}", told[name], mine[name], within=ROUNDED)
    checked.word(f"{where} direction", told["direction"], mine["direction"])
    for factor in told["factors"]:
        code = factor["factor"]
        checked.number(f"{where} {code}", factor["mean"], mine["means"][code], within=ROUNDED)
        checked.number(f"{where} {code} sd", factor["sd"], mine["sds"][code], within=ROUNDED)
        points = mine["contributions"][code]
        checked.number(f"{where} {code} points", factor["contribution"], points, within=ROUNDED)
    for name, value in mine["hypotheses"].items():
        checked.number(f"{where} {name}", told["hypotheses"][name], value, within=ROUNDED)


def check_row(checked: Checked, where: str, row: dict[str, Any], as_of: date) -> None:
    if row["kind"] == "judged":
        u, w = document.judged_value(row), document.judged_weight(row, as_of)
    else:
        u, w = document.computed_value(row), document.computed_weight(row)
    checked.number(f"{where} u", row["u"], u, within=WHOLE)
    checked.number(f"{where} w", row["w"], w, within=WHOLE)


def check_card(checked: Checked, told: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    where, as_of = told["dossier"]["id"], date.fromisoformat(told["as_of"])
    for row in rows:
        if not row.get("grouped"):
            q = document.rating_quality(row, as_of)
            checked.number(f"{where} {row['criterion']} q", row["q"], q, within=WHOLE)
    mine = document.scorecard(rows)
    for code, block in mine["blocks"].items():
        shown = told["programme"] if code == "programme" else told["dimensions"][code]
        value = None if block["standing"] == "not_enough" else block["R"]
        checked.number(f"{where} {code} value", shown["value"], value, within=ROUNDED)
        checked.number(f"{where} {code} Q", shown["coverage"], block["Q"], within=ROUNDED)
        checked.number(f"{where} {code} low", shown["low"], block["low"], within=ROUNDED)
        checked.number(f"{where} {code} high", shown["high"], block["high"], within=ROUNDED)
        checked.word(f"{where} {code} standing", shown["standing"], block["standing"])
        if code != "programme":
            capped = mine["starred"].get(code)
            checked.number(f"{where} {code} capped", shown["capped"], capped, within=ROUNDED)
    for name in (
        "index", "index_low", "index_high", "arithmetic_mean", "minimum", "balance_penalty",
    ):  # fmt: skip
        checked.number(f"{where} {name}", told[name], mine[name], within=ROUNDED)
