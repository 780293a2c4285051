"""Whatever is done in whatever order: what the recomputes published, one change after the other, is
what a recompute of everything from today's records gives, and nothing above a clearance enters it.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.models import Dossier
from engagements.scorer import rescore
from scorecards.models import Publication, ScoreSnapshot, Standing
from tests.cast import Api, Cast
from tests.engagements import sent

LEVELS = st.integers(1, 3)
NORMS = st.sets(st.sampled_from(["N01", "N05", "N11"]), max_size=2).map(sorted)
READINGS = st.dictionaries(
    st.sampled_from(["QI1", "GR4", "NG1", "EN6"]), st.integers(0, 4), max_size=3
).map(lambda found: [{"factor": code, "rating": rating} for code, rating in found.items()])
MEETING = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["norm", "pract", "courtesy", "msg"]),
        "highest_level": st.sampled_from(["L1", "L2", "L4", "LX"]),
        "outcome": st.integers(-2, 5),
        "grade": st.sampled_from(["A1", "B2", "C3", "F6"]),
        "level": LEVELS,
        "topics": NORMS,
        "readings": READINGS,
        "held_on": st.integers(0, 900).map(sent.day),
    }
)
INCIDENT = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["murder", "pillage"]),
        "standard": st.sampled_from(["alleged", "credible", "verified"]),
        "level": LEVELS,
        "occurred_on": st.integers(0, 500).map(sent.day),
    }
)
# What is done: to which of the records that are there already (by number), and with what.
ACT = st.one_of(
    st.tuples(st.just("log"), st.just(0), MEETING),
    st.tuples(st.just("log"), st.just(0), MEETING),
    st.tuples(st.just("correct"), st.integers(0, 9), MEETING),
    st.tuples(st.sampled_from(["withdraw", "restore"]), st.integers(0, 9), st.just({})),
    st.tuples(st.just("report"), st.just(0), INCIDENT),
    st.tuples(st.just("promise"), st.integers(0, 9), st.just({})),
    st.tuples(st.just("recompute"), st.just(0), st.just({})),
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(ACT, min_size=4, max_size=14))
def test_a_full_recompute_changes_nothing(cast: Cast, acts: list[tuple[str, int, Any]]) -> None:
    with transaction.atomic():
        api = cast.rosa.api()
        sent.saved(api, "dossiers/", sent.dossier(cast, norm="N05"))
        meetings: list[str] = []
        for what, which, body in acts:
            do(api, cast, what, meetings[which % len(meetings)] if meetings else "", body, meetings)
        sent.recompute()
        published = numbers()
        for pk in Dossier.objects.values_list("pk", flat=True):
            Standing.objects.filter(dossier=pk).update(scorecard=None, success_factors=None)
        forget_snapshots()
        for pk in Dossier.objects.values_list("pk", flat=True):
            rescore(pk, as_of=timezone.localdate(), everything=True)
        assert numbers() == published
        assert levels_of_evidence(api) == []
        transaction.set_rollback(True)


def do(api: Api, cast: Cast, what: str, meeting: str, body: Any, meetings: list[str]) -> None:
    """One act over the API. What the rules refuse, such as lowering a level, is left undone."""
    if what == "log":
        meetings.append(sent.saved(api, "interactions/", sent.meeting(cast, **body))["id"])
    elif what == "report":
        sent.saved(api, "incidents/", sent.incident(cast, **body))
    elif what == "recompute":
        sent.recompute()
    elif meeting and what == "correct":
        api.patch(f"interactions/{meeting}/", body | {"reason": "Written down wrongly"})
    elif meeting and what == "promise":
        api.post("claims/", sent.claim(meeting, due_on=sent.day(1)))
    elif meeting:
        api.post(f"interactions/{meeting}/{what}/", {"reason": "Another group"})


def numbers() -> dict[tuple[str, int, str], tuple[Any, ...]]:
    """Every published number: the headline in full precision, the rest as it is shown."""
    found = {}
    for row in Standing.objects.select_related("dossier", "scorecard", "success_factors"):
        for kind in ("scorecard", "success_factors"):
            snapshot = getattr(row, kind)
            shown = {name: part for name, part in snapshot.result.items() if name != "stage"}
            value = snapshot.value if snapshot.value is None else round(snapshot.value, 9)
            found[row.dossier.norm, row.clearance, kind] = (value, snapshot.inputs_digest, shown)
    return found


def forget_snapshots() -> None:
    """Nothing stored may be taken again: a recompute of everything works everything out."""
    Publication.objects.all().delete()
    ScoreSnapshot.objects.all().delete()


def levels_of_evidence(api: Api) -> list[tuple[str, int, str]]:
    """Evidence that stands above the clearance at which it was read; there is none."""
    above = []
    for dossier in Dossier.objects.all():
        for clearance in (1, 2, 3):
            asked = f"success-factors/{dossier.pk}/evidence/?clearance={clearance}"
            for row in api.get(asked).json()["results"]:
                sources = [row["source"], *row.get("records", [])]
                ids = {one["id"] for one in sources if one and one["kind"] == "interaction"}
                for pk in ids:
                    level = api.get(f"interactions/{pk}/").json()["level"]
                    if level > clearance:
                        above.append((dossier.norm, clearance, pk))
    return above
