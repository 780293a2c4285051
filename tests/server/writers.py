"""What the processes of the SQLite test do, each with the settings of a trial.

Each says in its last line what it did and how often; an error ends it and fails the test.
"""

from __future__ import annotations

import time

from accounts.access import viewer_for
from accounts.models import User
from engagements.models import Dossier, Interaction
from engagements.selectors.scores import success_factors_json
from engagements.services.content import MeetingContent, ReadingContent
from engagements.services.meetings import record_meeting
from engagements.tasks import sweep_jobs
from records.dates import PartialDate
from records.models import Job

__all__ = ["drain", "read", "write"]


def write(place: int, each: int) -> None:
    """Save meetings with one engagement; two writers share each, so that they also meet."""
    viewer = viewer_for(User.objects.get())
    dossier = dossiers()[place // 2]
    for number in range(each):
        content = MeetingContent(
            engagement=dossier.engagement,
            held_on=PartialDate.parse("2026-11-02"),
            type="norm",
            channel="neutral_place",
            highest_level="L2",
            outcome=2,
            readings=(ReadingContent(factor="QI1", rating=number % 5),),
            summary="They listened.",
        )
        record_meeting(viewer, content, digest=str(number))
    print("saved", each)


def read(meetings: int) -> None:
    """Read scores until all meetings are there and scored."""
    viewer, rounds = viewer_for(User.objects.get()), 0
    while Interaction.objects.count() < meetings or Job.objects.exclude(state="done").exists():
        for dossier in dossiers()[:2]:
            success_factors_json(viewer, dossier)
        rounds += 1
        time.sleep(0.01)
    print("read", rounds)


def drain(meetings: int) -> None:
    """Score what is asked for, as the thread of `up` does, until nothing is left to do."""
    done = 0
    while Interaction.objects.count() < meetings or Job.objects.exclude(state="done").exists():
        done += sweep_jobs()
        time.sleep(0.01)
    print("scored", done)


def dossiers() -> list[Dossier]:
    rows = Dossier.objects.select_related("engagement__ngo", "engagement__armed_group")
    return list(rows.select_related("engagement__context").order_by("id"))
