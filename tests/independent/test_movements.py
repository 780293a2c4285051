"""Every movement of the sample register, worked out again from its evidence alone (section 3.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from tests.cast import Api
from tests.independent import document
from tests.independent.checking import Checked, every, token_of

pytestmark = pytest.mark.django_db

EXACT = 1e-6


@pytest.mark.parametrize(("name", "days"), [("amina", 30), ("amina", 400), ("oskar", 200)])
def test_movements(sample, name, days):
    api, checked = token_of(name), Checked()
    since = (timezone.localdate() - timedelta(days=days)).isoformat()
    for told in every(api, "success-factors/?limit=200&brief=true"):
        check_movement(checked, api, told["dossier"]["id"], since)
    assert not checked.wrong, "\n".join(checked.wrong[:20])
    assert checked.count["numbers"] > 50


def check_movement(checked: Checked, api: Api, dossier: str, since: str) -> None:
    told = api.get(f"success-factors/{dossier}/movement/?since={since}").json()
    start, end = told["from"], told["to"]
    rows_then = evidence(api, dossier, start["as_of"], start["entered_by"])
    rows_aged = evidence(api, dossier, end["as_of"], start["entered_by"])
    rows_now = evidence(api, dossier, end["as_of"], end["entered_by"])
    then, aged, now = (
        document.success_factors(rows, blocked=False) for rows in (rows_then, rows_aged, rows_now)
    )
    mine = {
        "corrections": then["uncapped"] - start["uncapped"],
        "ageing": aged["uncapped"] - then["uncapped"],
        "new_facts": now["uncapped"] - aged["uncapped"],
        "method": end["uncapped"] - now["uncapped"],
        "blocked": end["blocked"] - start["blocked"],
    }
    for part, points in mine.items():
        checked.number(f"{dossier} {part}", told[part], points, within=EXACT)
    parts = sum(told[part] for part in mine)
    checked.number(f"{dossier} move", end["score"] - start["score"], parts, within=1e-9)
    checked.number(f"{dossier} remainder", told["remainder"], 0.0, within=1e-9)
    for row in told["factors"]:
        check_new_facts(checked, f"{dossier} {row['factor']}", row, aged)


def check_new_facts(checked: Checked, where: str, row: Any, aged: dict[str, Any]) -> None:
    """Each new reading owns 100 omega w (u - m_age) / (kappa + W); together they are the part."""
    if row["kind"] != "judged" or not row["facts"]:
        return
    owned = 0.0
    for fact in row["facts"]:
        weight = fact["weight_sum"] if fact.get("grouped") else fact["w"]
        value = fact["mean"] if fact.get("grouped") else fact["u"]
        share = 100 * document.omega(row["factor"]) / fact["total_weight"]
        points = share * weight * (value - aged["means"][row["factor"]])
        checked.number(f"{where} fact", fact["points"], points, within=EXACT)
        owned += points
    checked.number(f"{where} new facts", row["new_facts"], owned, within=EXACT)


def evidence(api: Api, dossier: str, as_of: str, entered_by: str) -> list[dict[str, Any]]:
    asked = urlencode({"as_of": as_of, "entered_by": entered_by})
    rows: list[dict[str, Any]] = []
    address: str | None = f"success-factors/{dossier}/evidence/?{asked}"
    while address:
        told = api.get(address).json()
        rows += told["results"]
        address = told["next"]
    return rows
