"""Section 2.7 over REST: what was watched makes a rate of what was counted, within a clearance."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from tests.cast import Api, Cast
from tests.engagements import sent


def quarter(back: int) -> str:
    """The first month of the quarter so many quarters ago (0: this one)."""
    today = timezone.localdate()
    number = 4 * today.year + (today.month - 1) // 3 - back
    return f"{number // 4}-{3 * (number % 4) + 1:02d}"


def panel(api: Api, cast: Cast, query: str = "") -> Any:
    return api.get(f"scorecards/{cast.dossier.pk}/{query}").json()["violations"]


def watch(api: Api, cast: Cast, **by_quarter: Any) -> list[Any]:
    """`q2=4.5`: four and a half location-months, two quarters ago."""
    return [
        sent.saved(
            api,
            "observations/",
            sent.observation(cast, quarter=quarter(int(name[1:])), location_months=months),
        )
        for name, months in by_quarter.items()
    ]


def report(api: Api, cast: Cast, *ages: int, **more: Any) -> None:
    for age in ages:
        sent.saved(api, "incidents/", sent.incident(cast, occurred_on=sent.day(age), **more))


def test_six_in_24_then_two_in_20_falls_once_the_effort_is_told(cast: Cast) -> None:
    api = cast.amina.api()
    report(api, cast, 400, 420, 440, 460, 480, 500, 20, 100)
    sent.recompute()
    bare = panel(api, cast)
    assert (bare["reading"], bare["overall"]["trend"]) == ("no_effort", None)
    assert bare["overall"]["rate_newer"] is None
    watch(api, cast, q1=8, q2=12, q5=12, q6=12)
    assert api.get(f"scorecards/{cast.dossier.pk}/").json()["state"] == "pending"
    sent.recompute()
    told = panel(api, cast)
    [murder] = told["categories"]
    assert murder["rate_older"] == 0.2708
    assert murder["rate_newer"] == 0.125
    assert murder["probability_lower"] == 0.8786
    assert murder["trend"] == told["overall"]["trend"] == "falling"
    assert (told["effort"]["older"], told["effort"]["newer"]) == (24, 20)
    assert len(told["effort"]["quarters"]) == 4
    assert told["reading"] == "index_not_available"
    assert sum(one["counts"]["credible"] for one in murder["quarters"]) == 8


def test_the_effort_counts_for_every_dossier_on_the_group(cast: Cast) -> None:
    api = cast.amina.api()
    other = sent.saved(api, "dossiers/", sent.dossier(cast, norm="N07"))
    sent.recompute()
    [row] = watch(api, cast, q1=8)
    sent.recompute()
    seen = api.get(f"scorecards/{other['id']}/").json()["violations"]
    assert seen["effort"]["newer"] == 8
    api.post(f"observations/{row['id']}/withdraw/", {"reason": "Another valley"})
    sent.recompute()
    assert api.get(f"scorecards/{other['id']}/").json()["violations"]["effort"]["newer"] == 0


def test_a_pattern_names_what_makes_it(cast: Cast) -> None:
    api = cast.amina.api()
    report(api, cast, 10, 20)
    sent.recompute()
    assert panel(api, cast)["pattern"] is False
    report(api, cast, 30)
    sent.recompute()
    found = panel(api, cast)
    assert found["pattern"] is True
    assert found["pattern_in"] == [{"category": "murder", "incidents": 3, "ordered": 0}]


def test_one_ordered_is_a_pattern(cast: Cast) -> None:
    api = cast.amina.api()
    report(api, cast, 10, attribution="ordered", standard="verified")
    sent.recompute()
    assert panel(api, cast)["pattern_in"] == [{"category": "murder", "incidents": 1, "ordered": 1}]


def test_what_lies_above_a_clearance_enters_no_rate_there(cast: Cast) -> None:
    api = cast.amina.api()
    report(api, cast, 10, 20, level=2)
    watch(api, cast, q1=8)
    sent.recompute()
    below = api.get(f"scorecards/{cast.dossier.pk}/?clearance=2")
    report(api, cast, 30, level=3, attribution="ordered")
    sent.saved(
        api, "observations/", sent.observation(cast, quarter=quarter(2), location_months=9, level=3)
    )
    sent.recompute()
    assert panel(api, cast)["pattern"] is True
    after = api.get(f"scorecards/{cast.dossier.pk}/?clearance=2")
    assert after.json() == below.json()
    assert after.headers["ETag"] == below.headers["ETag"]


def test_a_reader_of_months_cannot_tell_the_day_from_what_leaves_the_window(cast: Cast) -> None:
    """The year up to 30 June 2025 begins on 30 June 2024, two days after the first of these."""
    amina, ann = cast.amina.api(), cast.ann.api()
    seen: list[list[Any]] = []
    for day in ("2024-06-28", "2024-06-30"):
        row = sent.saved(amina, "incidents/", sent.incident(cast, occurred_on=day))
        seen.append([panel(one, cast, "?as_of=2025-06-30")["overall"] for one in (amina, ann)])
        amina.post(f"incidents/{row['id']}/withdraw/", {"reason": "For the next"})
    (amina_28, ann_28), (amina_30, ann_30) = seen
    assert amina_28["incidents_newer"] != amina_30["incidents_newer"]
    assert ann_28 == ann_30


def test_an_analyst_sees_the_month_on_the_published_card(cast: Cast) -> None:
    amina, ann = cast.amina.api(), cast.ann.api()
    # 366 days old: out of the last twelve months by the day; by the month it depends on its 15th.
    report(amina, cast, 366)
    sent.recompute()
    assert panel(amina, cast)["overall"]["incidents_newer"] == 0
    of_month = date.fromisoformat(sent.day(366)).replace(day=15)
    age = (timezone.localdate() - of_month).days
    assert panel(ann, cast)["overall"]["incidents_newer"] == (1 if age <= 365 else 0)
