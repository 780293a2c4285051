"""How an outside program reads the API and compares what it finds with its own figures."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from accounts.models import User
from accounts.services.tokens import mint_token
from tests.cast import Api


class Checked:
    """Compares and counts; a difference is told with the place where it stands."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.wrong: list[str] = []

    def number(self, where: str, told: float | None, mine: float | None, *, within: float) -> None:
        self.count["numbers"] += 1
        if told is None or mine is None:
            same = told is mine
        else:
            same = math.isclose(told, mine, rel_tol=0, abs_tol=within)
        if not same:
            self.wrong.append(f"{where}: published {told}, by the document {mine}")

    def word(self, where: str, told: Any, mine: Any) -> None:
        self.count["words"] += 1
        if told != mine:
            self.wrong.append(f"{where}: published {told}, by the document {mine}")


def token_of(name: str) -> Api:
    _, token = mint_token(owner=User.objects.get(username=name), name="independent")
    return Api(token)


def every(api: Api, path: str, *, of: str = "") -> list[dict[str, Any]]:
    """All rows of a list; of evidence, those that belong to the inputs with the digest `of`."""
    told = api.get(path).json()
    rows = list(told["results"])
    while told["next"]:
        told = api.get(told["next"]).json()
        rows += told["results"]
    assert told.get("inputs_digest", "") == of
    return rows
