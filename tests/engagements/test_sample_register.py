"""The sample register: complete, every state of the pages in it, the same twice, and only once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.access import viewer_for
from accounts.models import Context, User
from actors.models import ArmedGroup, GroupName, Identity, Ngo
from engagements.access import dossiers_visible_to, drafts_of, interactions_visible_to
from engagements.models import (
    Claim,
    Commitment,
    CommitmentSource,
    Dossier,
    Engagement,
    FollowUp,
    Incident,
    Interaction,
    Plan,
    Reading,
)
from engagements.samples.cast import PASSWORD
from engagements.samples.seed import data, fixed_id
from engagements.selectors.movement import Period, split_of
from engagements.selectors.movement_lines import Reading as MoveReading
from records.jobs import failed_jobs
from records.models import Job, RecordVersion
from scorecards.models import Assessment, Publication, ReviewTask, Standing, WeightSet

pytestmark = pytest.mark.django_db

WORKING = ("valdoria", "kestria")


def lay_down() -> str:
    said = StringIO()
    call_command("sample", stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def sample(django_db_setup: Any, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """The register laid down twice, the first time undone: what was said, and both digests."""
    with django_db_blocker.unblock(), transaction.atomic():
        undo = transaction.savepoint()
        lay_down()
        first = digest()
        transaction.savepoint_rollback(undo)
        said = lay_down()
        yield {"said": said, "first": first, "second": digest()}
        transaction.set_rollback(True)


def digest() -> str:
    """Everything that a reader could tell two registers apart by, the texts opened."""
    parts: list[Any] = [
        sorted((row.pk, row.summary, row.outcome, row.state) for row in Interaction.objects.all()),
        sorted(Reading.objects.values_list("interaction", "factor", "rating")),
        sorted((row.pk, row.text, row.settlement, row.due_on) for row in Claim.objects.all()),
        sorted((row.pk, row.what, row.progress) for row in FollowUp.objects.all()),
        sorted(Commitment.objects.values_list("pk", "title", "status")),
        sorted(
            Publication.objects.values_list(
                "dossier", "kind", "clearance", "snapshot__as_of", "snapshot__inputs_digest"
            )
        ),
    ]
    return sha256(repr(parts).encode()).hexdigest()


@pytest.fixture(autouse=True)
def laid_down(sample: dict[str, str]) -> None:
    """Every test here looks at the one register."""


def card(engagement: str, norm: str, clearance: int = 3) -> dict[str, Any]:
    published = standing(engagement, norm, clearance).scorecard
    assert published is not None
    return published.result


def factors(engagement: str, norm: str, clearance: int = 3) -> dict[str, Any]:
    published = standing(engagement, norm, clearance).success_factors
    assert published is not None
    return published.result


def standing(engagement: str, norm: str, clearance: int = 3) -> Standing:
    return Standing.objects.get(dossier=dossier(engagement, norm), clearance=clearance)


def dossier(engagement: str, norm: str) -> Dossier:
    return Dossier.objects.get(engagement=fixed_id("engagement", engagement), norm=norm)


def in_working_contexts() -> dict[str, Any]:
    return {"context__code__in": WORKING}


def test_the_same_seed_and_day_give_the_same_register(sample):
    assert sample["first"] == sample["second"]


def test_a_second_run_changes_nothing(sample):
    versions = RecordVersion.objects.count()
    assert "nothing changed" in lay_down()
    assert digest() == sample["second"]
    assert RecordVersion.objects.count() == versions


def test_the_command_says_who_may_sign_in(sample):
    for username in ("amina", "rosa", "ann", "oskar", "hanna", "aude", "ada"):
        line = next(line for line in sample["said"].splitlines() if f"  {username}" in line)
        assert PASSWORD in line


def test_a_draft_weight_set_waits_for_another_head(sample):
    draft = WeightSet.objects.get(state="draft")
    assert (draft.author.username, draft.based_on.state) == ("rosa", "active")
    assert draft.checksum != draft.based_on.checksum


def test_a_changed_password_is_not_told_any_more():
    amina = User.objects.get(username="amina")
    amina.set_password("something of my own")
    amina.save()
    said = StringIO()
    call_command("sample", sign_ins=True, stdout=said)
    told = [line for line in said.getvalue().splitlines() if "  amina" in line]
    assert PASSWORD not in told[0]


def test_everybody_of_the_cast_is_a_sample_person_with_the_known_password():
    users = User.objects.all()
    assert {user.is_sample for user in users} == {True}
    assert all(user.check_password(PASSWORD) for user in users)


def test_the_register_has_the_size_that_it_promises():
    assert Interaction.objects.filter(**in_working_contexts()).count() == 400
    assert Dossier.objects.filter(**in_working_contexts()).count() == 25
    assert Engagement.objects.filter(**in_working_contexts()).count() == 12
    fictitious = [fixed_id("group", table["key"]) for table in data("valdoria")["armed_groups"]]
    assert ArmedGroup.objects.filter(pk__in=fictitious).count() == 8
    first = Interaction.objects.filter(**in_working_contexts()).last()
    assert timedelta(days=1000) < timezone.localdate() - first.held_on.first < timedelta(days=1110)


def test_the_invented_ngos_fill_the_matrix():
    invented = Ngo.objects.filter(name__contains="(fictitious)").prefetch_related("types")
    assert {ngo.primary_type.type for ngo in invented} == {"OPS", "POL", "RES", "DIF"}


def test_meetings_stand_at_every_level_and_some_are_taken_back():
    rows = Interaction.objects.filter(**in_working_contexts())
    assert set(rows.values_list("level", flat=True)) == {1, 2, 3, 4}
    states = Counter(rows.values_list("state", flat=True))
    assert states["withdrawn"] == 3
    assert RecordVersion.objects.filter(kind="interaction").count() >= 9


def test_promises_are_kept_broken_unclear_open_overdue_and_due_next_week():
    today = timezone.localdate()
    promises = Claim.objects.filter(claim="promise")
    assert set(promises.values_list("settlement", flat=True)) == {
        "kept", "broken", "unclear", "open",
    }  # fmt: skip
    still = promises.filter(settlement="open")
    assert still.filter(due_on__lt=today, side="ours").exists()
    assert still.filter(due_on__lt=today, side="theirs").exists()
    assert still.filter(due_on__range=(today, today + timedelta(days=7))).exists()
    assert FollowUp.objects.filter(progress="open", due_on__lt=today).exists()
    assert Plan.objects.filter(progress="planned").count() == 6


def test_one_dossier_is_well_covered_and_balanced():
    shown = card("threshold_vff", "N14")
    assert {part["standing"] for part in shown["dimensions"].values()} == {"supported"}
    assert shown["index"] > 60
    assert shown["balance_penalty"] < 1


def test_one_dossier_is_held_down_by_doctrine():
    shown = card("threshold_kharis", "N11")["dimensions"]
    assert shown["training"]["bound_by"] == "doctrine"
    assert shown["training"]["capped"] < shown["training"]["value"]


def test_one_dossier_has_too_little_evidence():
    shown = card("lantern_vff", "N04")
    assert {part["standing"] for part in shown["dimensions"].values()} == {"not_enough"}
    assert shown["index"] is None


def test_one_dossier_is_rated_lowest():
    shown = card("threshold_dawn", "N11")["dimensions"]
    assert {part["value"] for part in shown.values()} == {0.0}


def test_one_dossier_lost_the_evidence_that_it_rested_on():
    before = Publication.objects.filter(
        dossier=dossier("threshold_officers", "N09"), kind="scorecard", clearance=3
    ).order_by("-published_at")[1]
    assert before.snapshot.result["dimensions"]["training"]["coverage"] > 0.2
    after = card("threshold_officers", "N09")["dimensions"]
    assert {part["coverage"] for part in after.values()} == {0.0}


@pytest.mark.parametrize(
    ("engagement", "reason"),
    [
        ("threshold_dawn", "core_aim"),
        ("lantern_south", "refused_by_l1"),
        ("lantern_kharis", "unsafe"),
        ("record_salt", "unlawful"),
    ],
)
def test_each_blocker_stands_somewhere(engagement, reason):
    shown = factors(engagement, "GEN")
    assert [blocker["reason"] for blocker in shown["blockers"]] == [reason]
    assert shown["score"] <= 40


def test_a_lifted_blocker_blocks_no_more():
    assert factors("threshold_river", "GEN")["blockers"] == []


def test_one_group_shows_a_pattern():
    year = timezone.localdate() - timedelta(days=365)
    rows = Incident.objects.filter(
        armed_group=fixed_id("group", "river"),
        category="hostage_taking",
        standard__in=["credible", "verified"],
        occurred_on_first__gte=year,
    )
    assert rows.count() == 3


def trend(engagement, norm):
    found = card(engagement, norm)["violations"]
    return found["overall"]["trend"], found["reading"]


def test_every_trend_and_reading_shows_somewhere():
    assert trend("threshold_vff", "N14") == ("falling", "high_falling")
    assert trend("threshold_vff", "GEN")[0] == "falling"
    assert trend("threshold_river", "GEN") == ("rising", "index_not_available")
    assert trend("threshold_dawn", "N11") == ("rising", "low_rising")
    assert trend("threshold_kharis", "GEN") == ("no_clear_trend", "no_clear_trend")
    assert trend("threshold_highland", "N14") == (None, "no_effort")
    assert card("threshold_river", "GEN")["violations"]["pattern"] is True
    assert card("threshold_vff", "N14")["violations"]["pattern"] is False


def test_a_setback_waits_to_be_looked_at():
    rows = ReviewTask.objects.filter(dossier=dossier("threshold_kharis", "N11"), reason="setback")
    assert {row.subject for row in rows} == {"doctrine", "training"}
    assert {row.progress for row in rows} == {"open"}


def test_one_recompute_waits_and_one_was_given_up():
    waiting, failed = dossier("lantern_river", "N04"), dossier("concord_vff", "GEN")
    behind = Standing.objects.filter(scored__lt=F("asked")).values_list("dossier", flat=True)
    assert set(behind) == {waiting.pk, failed.pk}
    assert failed_jobs("score", [str(waiting.pk), str(failed.pk)]) == {
        str(failed.pk): "The work ended without a word, three times."
    }
    assert [job.key for job in Job.objects.filter(state="waiting")] == [str(waiting.pk)]


def test_assessments_are_final_waiting_and_begun_by_two_people():
    stages = Counter(Assessment.objects.filter(**in_working_contexts()).values_list("stage"))
    assert stages[("final",)] >= 12
    assert stages[("submitted",)] == 3
    assert stages[("draft",)] == 1
    final = Assessment.objects.filter(stage="final")
    assert all(row.author_id != row.reviewer_id for row in final)


def test_two_raters_of_one_dossier_are_far_apart_on_one_criterion():
    task = ReviewTask.objects.get(reason="reconcile")
    assert (task.dossier, task.subject) == (dossier("threshold_river", "N08"), "S3")


def test_scores_have_a_past_published_on_its_own_days():
    line = Publication.objects.filter(
        dossier=dossier("threshold_vff", "GEN"), kind="success_factors", clearance=3
    ).select_related("snapshot")
    assert line.count() == 13
    assert all(row.published_at.date() == row.snapshot.as_of for row in line)
    assert len({round(row.snapshot.value, 4) for row in line}) > 10


def test_past_scores_moved_by_ageing_new_facts_and_what_was_really_taken_back():
    """The past was published from what had been entered then, so little of it is a correction."""
    rosa = viewer_for(User.objects.get(username="rosa"))
    since = Period(timezone.localdate() - timedelta(days=180))
    rows = Dossier.objects.filter(context__code="valdoria", opened_on__lt=since.since)
    corrected = set()
    for one in rows.select_related("engagement__armed_group"):
        told = split_of(rosa, one, since)
        moved = told.moved
        assert abs(moved.remainder) < 1e-9
        assert moved.ageing != 0
        if abs(moved.corrections) > 1e-9:
            corrected.add(one.engagement_id)
            named = MoveReading(told).corrected
            assert any(record.withdrawn for record in named)
    withdrawn = Interaction.objects.filter(state="withdrawn", context__code="valdoria")
    assert corrected <= set(withdrawn.values_list("engagement", flat=True))
    assert corrected


def test_what_lies_above_a_clearance_moves_nothing_below_it():
    low, high = factors("lantern_vff", "GEN", 2), factors("lantern_vff", "GEN", 4)
    assert low["facts"] < high["facts"]


def test_oskar_sees_kestria_and_nothing_of_valdoria():
    oskar = viewer_for(User.objects.get(username="oskar"))
    amina = viewer_for(User.objects.get(username="amina"))
    valdoria = Context.objects.get(code="valdoria")
    assert not dossiers_visible_to(oskar).filter(context=valdoria).exists()
    assert interactions_visible_to(oskar).filter(context__code="kestria").count() == 39
    assert interactions_visible_to(amina).filter(context=valdoria).exists()
    assert not interactions_visible_to(amina).filter(level=4).exists()


def test_names_are_sealed_and_summaries_open_again():
    assert Identity.objects.count() >= 8
    assert all("(fictitious)" in row.name for row in Identity.objects.all())
    assert all(row.summary for row in Interaction.objects.all())


def test_groups_have_names_in_several_scripts():
    kinds = GroupName.objects.filter(kind="other_script").values_list("language", flat=True)
    assert {"ar", "ru"} <= set(kinds)


def test_amina_has_two_notes_begun():
    amina = viewer_for(User.objects.get(username="amina"))
    assert drafts_of(amina).count() == 2


def test_the_eleven_historic_cases_carry_their_sources():
    cases = data("historic")["cases"]
    assert len(cases) == 11
    for case in cases:
        commitment = Commitment.objects.get(pk=fixed_id("commitment", case["key"]))
        told = list(CommitmentSource.objects.filter(commitment=commitment))
        assert len(told) == len(case["commitment"]["sources"])
        assert told[0].grade == case["commitment"]["grade"]
        for event in case["events"]:
            assert event["what"] in commitment.note
            assert event["grade"] in commitment.note
        assert commitment.level == 1


def test_corrections_to_the_paper_stand_in_the_notes_of_their_cases():
    commitment = Commitment.objects.get(pk=fixed_id("commitment", "san_jose_1990"))
    assert "Correction to the paper" in commitment.note
