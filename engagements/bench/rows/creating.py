"""Row 15: what the product's rights, rules, versions and outbox cost beside the bare inserts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from accounts.access import viewer_for
from actors.models import Counterpart
from engagements.bench import raw
from engagements.bench.bars import Figure
from engagements.bench.client import grower
from engagements.bench.rows import Here, row
from engagements.bench.timing import alternately
from engagements.models import Dossier
from engagements.services.content import (
    MeetingContent,
    NextStepContent,
    ParticipantContent,
    ReadingContent,
)
from engagements.services.meetings import record_meeting
from records.dates import PartialDate

WORDS = "They asked for the text and said that they would read it to the others. " * 3


@row(15)
def create(here: Here) -> Iterator[Figure]:
    dossier = Dossier.objects.select_related("engagement__armed_group").order_by("id")[0]
    viewer, author = viewer_for(grower()), grower().pk
    content = meeting_of(dossier)
    pair = alternately(
        lambda: raw.save_meeting(content, author, [dossier.pk]),
        lambda: record_meeting(viewer, content, digest="bench"),
    )
    note = f"{pair.product * 1000:.1f} ms against {pair.raw * 1000:.1f} ms"
    yield Figure("create", pair.ratio, note, pair.drift)


def meeting_of(dossier: Dossier) -> MeetingContent:
    """A meeting with two topics, three participants, four readings and a next step."""
    today, engagement = timezone.localdate(), dossier.engagement
    people = Counterpart.objects.filter(
        armed_group=engagement.armed_group, context=engagement.context
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
        participants=tuple(ParticipantContent(counterpart=person) for person in people[:3]),
        readings=tuple(ReadingContent(factor=f, rating=3) for f in ("QI1", "GR4", "NG1", "NG4")),
        next_step=NextStepContent(what="Send the text.", due_on=today + timedelta(days=14)),
        summary=WORDS,
        level=max(2, engagement.level),
    )
