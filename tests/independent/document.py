"""The method once more, from its document alone: nothing here is taken from Parley's code.

It knows rows of evidence, as the API gives them, and works the published numbers out again.
Section numbers are those of the method's document.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

Row = Mapping[str, Any]

SOURCE = {"A": 1.0, "B": 0.8, "C": 0.6, "D": 0.35, "E": 0.1, "F": 0.4}
CONTENT = {"1": 1.0, "2": 0.8, "3": 0.55, "4": 0.25, "5": 0.05, "6": 0.4}
DAYS_IN_A_MONTH = 30.4375

# 2.3: half-lives in months; the four of the index and the programme beside them.
HALF_LIFE = {"doctrine": 36, "training": 18, "equipment": 24, "sanctions": 18, "programme": 12}
FOUR = ("doctrine", "training", "equipment", "sanctions")
NEIGHBOURS = {
    "doctrine": ("training", "sanctions"),
    "training": ("doctrine",),
    "equipment": ("doctrine", "training"),
    "sanctions": ("doctrine",),
}

# 3.1: bundle, hypotheses, half-life of the judged ones; weight 0 is marked by no share.
FACTORS: dict[str, tuple[str, str, int | None]] = {
    "EN1": ("EN", "1", None), "EN2": ("EN", "1", None), "EN3": ("EN", "1", None),
    "EN4": ("EN", "15", None), "EN5": ("EN", "6", None), "EN6": ("EN", "1", 12),
    "EN0": ("EN", "", 12), "NG1": ("NG", "35", 24), "NG2": ("NG", "3", 24),
    "NG3": ("NG", "3", None), "NG4": ("NG", "4", 6), "NG5": ("NG", "4", 6), "NG6": ("NG", "5", 12),
    "GR1": ("GR", "2", 36), "GR2": ("GR", "2", 24), "GR3": ("GR", "2", 12), "GR4": ("GR", "", 12),
    "GR5": ("GR", "", None), "GR6": ("GR", "1", 24), "GR7": ("GR", "1", 12), "GR8": ("GR", "3", 24),
    "GR9": ("GR", "1", 12), "GR10": ("GR", "1", None), "GR11": ("GR", "1", 12),
    "GR0": ("GR", "", 24), "QI1": ("QI", "", 6), "QI2": ("QI", "", None), "QI3": ("QI", "5", 6),
    "QI4": ("QI", "6", None), "QI5": ("QI", "6", None), "QI6": ("QI", "", None),
}  # fmt: skip
BUNDLE_WEIGHT = {"EN": 0.20, "NG": 0.20, "GR": 0.35, "QI": 0.25}
WEIGHTLESS = {"EN0", "GR0"}


def reliability(grade: str | None) -> float:
    """1.7: source x content; no grade recorded is B2."""
    known = grade or "B2"
    return SOURCE[known[0]] * CONTENT[known[1]]


def omega(factor: str) -> float:
    """3.3: bundle weight, shared equally inside the bundle among factors with weight."""
    if factor in WEIGHTLESS:
        return 0.0
    bundle = FACTORS[factor][0]
    inside = [one for one, (of, _, _) in FACTORS.items() if of == bundle and one not in WEIGHTLESS]
    return BUNDLE_WEIGHT[bundle] / len(inside)


# --- One row at a time ----------------------------------------------------------------------------


def judged_weight(row: Row, as_of: date) -> float:
    """3.3: w = r * 0.5^(age / half-life); a full date gives the age, a partial one states it."""
    age = row["age_months"]
    if len(row["observed_on"] or "") == 10:
        age = (as_of - date.fromisoformat(row["observed_on"])).days / DAYS_IN_A_MONTH
    return reliability(row["grade"]) * 0.5 ** (age / (FACTORS[row["factor"]][2] or 1))


def judged_value(row: Row) -> float:
    return float(row["basis"]["rating"]) / 4


INTENSITY = {"I0": 1.0, "I1": 0.8, "I2": 0.4, "I3": 0.1}
PEACE = {
    "none": 0.3, "informal": 0.5, "pre_negotiation": 0.65, "ceasefire": 0.75, "partial": 0.85,
    "comprehensive": 0.95, "implementation": 0.95, "renewal": 0.75, "other": 0.5,
}  # fmt: skip
CONTACT = {
    "none": 1.0, "other_state": 0.6, "regional": 0.5, "host_objects": 0.4, "un_sanctions": 0.2,
    "criminalised": 0.0, "host_tolerates": 0.8, "host_supports": 1.0, "un_child_annex": 1.0,
}  # fmt: skip


def _step(months: float, *steps: tuple[float, float]) -> float:
    return next(u for up_to, u in steps if months <= up_to + 1e-9)


def computed_value(row: Row) -> float:
    """3.2, from what the row says it counted."""
    told, factor = row["basis"], row["factor"]
    values = {
        "EN1": lambda: INTENSITY[told["value"]],
        "EN2": lambda: _peace(told),
        "EN3": lambda: _step(told["months"], (12, 0.9), (36, 0.7), (84, 0.5), (math.inf, 0.3)),
        "EN4": lambda: min(CONTACT[code] for code in told["in_force"]),
        "EN5": lambda: (told["held"] + 1) / (told["planned"] + 2),
        "NG3": lambda: min(0.5 + 0.1 * told["years"], 0.9),
        "GR5": lambda: len(told["levels"]) / 4,
        "GR10": lambda: _step(told["months"], (24, 1.0), (60, 0.7), (120, 0.4), (math.inf, 0.2)),
        "QI2": lambda: (told["delivered"] + 1) / (told["items"] + 2),
        "QI4": lambda: (
            0.5 * min(1, told["meetings"] / 12)
            + 0.5 * min(1, told["months_since_first_contact"] / 36)
        ),
        "QI5": lambda: 0.5 * min(1, told["sessions"] / 8) + 0.5 * len(told["levels"]) / 4,
        "QI6": lambda: (told["kept"] + 1) / (told["due"] + 2),
    }
    return float(values[factor]())


def _peace(told: Mapping[str, Any]) -> float:
    if told["value"] == "collapsed":
        return 0.15 if told["months"] < 12 - 1e-9 else PEACE["none"]
    return PEACE[told["value"]]


def computed_weight(row: Row) -> float:
    """3.2: 4r of the record used for states, min(4, facts / 2) for counts."""
    if row["factor"] in {"EN1", "EN2", "EN3", "EN4", "GR10"}:
        return 4 * float(row["reliability"])
    return min(4, row["basis"]["facts"] / 2)


# --- Success factors ------------------------------------------------------------------------------


def success_factors(rows: Iterable[Row], blocked: bool) -> dict[str, Any]:
    """3.3: everything that is published of a success-factor score, at full precision."""
    sums = {factor: [0.0, 0.0] for factor in FACTORS}
    for row in rows:
        weight = row["weight_sum"] if row.get("grouped") else row["w"]
        value = (row["mean"] or 0.0) if row.get("grouped") else row["u"]
        sums[row["factor"]][0] += weight * value
        sums[row["factor"]][1] += weight * (1 - value)
    means, spreads = {}, {}
    for factor, (for_it, against) in sums.items():
        a, b = 1 + for_it, 1 + against
        means[factor] = a / (a + b)
        spreads[factor] = math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    points = {factor: 100 * omega(factor) * (means[factor] - 0.5) for factor in FACTORS}
    uncapped = 50 + math.fsum(points.values())
    apart = math.fsum((omega(f) * spreads[f]) ** 2 for f in FACTORS)
    together = math.fsum(omega(f) * spreads[f] for f in FACTORS) ** 2
    sd = 100 * math.sqrt(0.7 * apart + 0.3 * together)
    score = min(uncapped, 40.0) if blocked else uncapped
    low, high = max(0.0, uncapped - 1.645 * sd), min(100.0, uncapped + 1.645 * sd)
    if blocked:
        low, high = min(low, 40.0), min(high, 40.0)
    return {
        "means": means, "sds": spreads, "contributions": points, "uncapped": uncapped,
        "score": score, "sd": sd, "low": low, "high": high,
        "direction": None if blocked else _direction(uncapped, sd),
        "hypotheses": {f"H{number}": _mean_of(means, str(number)) for number in range(1, 7)},
    }  # fmt: skip


def _direction(score: float, sd: float) -> str | None:
    sure = 0.5 * (1 + math.erf(abs(score - 50) / sd / math.sqrt(2)))
    if sure < 0.80 - 1e-9:
        return None
    return "favourable" if score > 50 else "unfavourable"


def _mean_of(means: Mapping[str, float], hypothesis: str) -> float:
    found = [means[factor] for factor, (_, tags, _) in FACTORS.items() if hypothesis in tags]
    return math.fsum(found) / len(found)


# --- Scorecard ------------------------------------------------------------------------------------


def rating_quality(row: Row, as_of: date) -> float:
    """2.3: q = r * 0.5^(age / h); r is the row's own, combined from independent evidence."""
    if row["state"] != "counted":
        return 0.0
    age = row["age_months"]
    if len(row["observed_on"] or "") == 10:
        age = (as_of - date.fromisoformat(row["observed_on"])).days / DAYS_IN_A_MONTH
    return float(row["reliability"]) * 0.5 ** (age / HALF_LIFE[row["dimension"]])


def scorecard(rows: Iterable[Row]) -> dict[str, Any]:
    """2.3 to 2.5: dimensions with range and coverage, caps, index and its company."""
    kept = list(rows)
    blocks = {code: _block(r for r in kept if r["dimension"] == code) for code in HALF_LIFE}
    raw = {code: blocks[code] for code in FOUR}
    known = {code: one["R"] for code, one in raw.items() if one["Q"] >= 0.4 - 1e-9}
    starred = {
        code: min(known[code], _limit(code, {of: known.get(of, 1.0) for of in FOUR}))
        for code in known
    }
    index_low, index_high = (_index_of_ends(raw, end) for end in ("low", "high"))
    ends = {"index_low": index_low, "index_high": index_high}
    return {"blocks": blocks, "starred": starred, **ends, **_headline(starred)}


def _headline(starred: Mapping[str, float]) -> dict[str, float | None]:
    """2.5: the index and what is printed beside it; nothing unless all four are known."""
    if len(starred) < len(FOUR):
        return dict.fromkeys(("index", "arithmetic_mean", "minimum", "balance_penalty"))
    values = [starred[code] for code in FOUR]
    index, mean = _index(values), 100 * math.fsum(values) / 4
    return {
        "index": index,
        "arithmetic_mean": mean,
        "minimum": 100 * min(values),
        "balance_penalty": max(0.0, mean - index),
    }


def _index_of_ends(raw: Mapping[str, Mapping[str, float]], end: str) -> float:
    """2.5: caps, all of them at any Q, and the index, applied to one end of every range."""
    values = {code: raw[code][end] for code in FOUR}
    return _index(min(values[code], _limit(code, values)) for code in FOUR)


def _limit(code: str, values: Mapping[str, float]) -> float:
    """2.4: lambda + the better neighbour; a neighbour that is not known stands as 1."""
    return 0.35 + max(values[of] for of in NEIGHBOURS[code])


def _index(values: Iterable[float]) -> float:
    return 100 * math.prod(max(value, 0.05) ** 0.25 for value in values)


def _block(rows: Iterable[Row]) -> dict[str, Any]:
    said = known = weight = 0.0
    for row in rows:
        if row.get("grouped"):
            known += row["weight_sum"]
            said += row["weight_sum"] * (row["mean"] or 0.0)
        elif row["state"] == "counted":
            known += row["weight"] * row["q"]
            said += row["weight"] * row["q"] * row["rating"] / 4
        weight += row["weight"]
    Q = known / weight if weight else 0.0
    R = said / known if known else None
    low = Q * R if R is not None else 0.0
    return {"R": R, "Q": Q, "low": low, "high": low + 1 - Q, "standing": _standing(Q)}


def _standing(coverage: float) -> str:
    if coverage >= 0.6 - 1e-9:
        return "supported"
    return "indicative" if coverage >= 0.4 - 1e-9 else "not_enough"
