"""What the benchmark compares with must do the product's own work: same evidence, same rows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from actors.models import Counterpart
from engagements.bench import raw
from engagements.bench.bars import BARS, Figure, table
from engagements.bench.timing import alternately
from engagements.models import Dossier
from engagements.selectors.facts import dossier_facts
from engagements.services.content import (
    MeetingContent,
    NextStepContent,
    ParticipantContent,
    ReadingContent,
)
from engagements.services.meetings import record_meeting
from records.dates import PartialDate

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = (
    "engagements_interaction", "engagements_interactiontopic", "engagements_participant",
    "engagements_reading", "engagements_followup", "scorecards_standing", "records_job",
)  # fmt: skip
# What differs between any two saves: ids, moments, and what is sealed for an id.
ITS_OWN = {
    "id", "interaction_id", "created_at", "updated_at", "asked_at", "due_at", "first_digest",
    "summary", "what", "asked_by_record", "asked",
}  # fmt: skip


@pytest.fixture
def meeting(cast: Any) -> MeetingContent:
    today, engagement = timezone.localdate(), cast.engagement
    person = Counterpart.objects.create(
        armed_group=engagement.armed_group, context=engagement.context, code="P1", rank="L2"
    )
    return MeetingContent(
        engagement=engagement,
        held_on=PartialDate(today),
        type="norm",
        channel="neutral_place",
        highest_level="L2",
        outcome=2,
        trust=3,
        topics=("N02", "N04"),
        participants=(ParticipantContent(counterpart=person),),
        readings=(ReadingContent(factor="QI1", rating=3), ReadingContent(factor="GR4", rating=1)),
        next_step=NextStepContent(what="Send the text.", due_on=today + timedelta(days=14)),
        summary="They asked for the text.",
        level=2,
    )


def rows_of(table: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    kept = [{name: row[name] for name in names if name not in ITS_OWN} for row in rows]
    return sorted(kept, key=str)


def new_rows(act: Any) -> dict[str, list[dict[str, Any]]]:
    """What the act wrote, table by table; standings and jobs as they stand after it."""
    before = {table: rows_of(table) for table in WRITTEN}
    act()
    found = {}
    for name in WRITTEN:
        rows = rows_of(name)
        if name not in ("scorecards_standing", "records_job"):
            for row in before[name]:
                rows.remove(row)
        found[name] = rows
    return found


def test_the_raw_save_writes_the_rows_that_the_product_writes(cast, meeting):
    dossier = meeting.engagement.dossiers.get()
    by_product = new_rows(lambda: record_meeting(cast.amina.viewer, meeting, digest="x"))
    author = cast.amina.viewer.user.pk
    by_raw = new_rows(lambda: raw.save_meeting(meeting, author, [dossier.pk]))
    assert by_raw == by_product


def test_the_raw_read_finds_the_evidence_that_a_score_rests_on(cast, meeting):
    for days in range(3):
        earlier = PartialDate(timezone.localdate() - timedelta(days=days))
        record_meeting(cast.amina.viewer, replace(meeting, held_on=earlier), digest=str(days))
    dossier = Dossier.objects.select_related("engagement__armed_group").get()
    facts = dossier_facts(dossier)
    meetings, topics, readings = raw.evidence(dossier.engagement_id)
    assert {str(as_uuid(row[0])) for row in meetings} == {row.source.id for row in facts.meetings}
    assert len(topics) == sum(len(row.topics) for row in facts.meetings)
    told = sorted((row[0], row[1], str(as_uuid(row[-1]))) for row in readings)
    assert told == sorted((row.factor, row.rating, row.source.id) for row in facts.readings)


def as_uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def test_a_figure_above_its_bar_is_not_reached_and_one_of_a_drifting_machine_is_unusable():
    bar = BARS["create"]
    assert Figure("create", bar.aim).verdict == "met"
    assert Figure("create", bar.hold).verdict == "held"
    assert Figure("create", bar.hold + 0.1).verdict == "not reached"
    assert Figure("create", bar.aim, drift=0.31).verdict == "unusable"


def test_the_table_has_a_line_for_each_figure():
    lines = [
        json.loads(Figure(bar, 1.0).as_json(engine="sqlite", size="10k")) for bar in sorted(BARS)
    ]
    assert len(table(lines).splitlines()) == len(BARS) + 2


def test_a_pair_is_timed_turn_by_turn():
    turns: list[str] = []
    pair = alternately(lambda: turns.append("raw"), lambda: turns.append("product"), rounds=6)
    assert turns == ["raw", "product"] * 11
    assert pair.ratio > 0
