"""Scores of the sample: a line of past publications, today's, one that waits, one that failed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models.functions import Now

from engagements.models import CommitmentStatus, Dossier
from engagements.samples.publishing import Published
from engagements.samples.seed import noon
from engagements.scorer import rescore
from engagements.selectors.facts import dossier_facts
from engagements.selectors.stage_facts import move_facts
from records.jobs import claim, claimed, due_jobs
from records.models import Job
from scorecards.scoring.facts import CLEARANCES, CommitmentFact
from scorecards.services.stages import Day, move_on
from scorecards.services.weights import active_weight_set, method_of

QUARTER = timedelta(days=91)
SCORE = "score"
MOVING = timedelta(seconds=1)  # steps of one day are stored a moment apart

Courses = dict[str, list[tuple[date, str]]]


def quarters_until(today: date, first: date) -> list[date]:
    """Days a quarter of a year apart, oldest first, from `first` on and all before today."""
    days = [today - QUARTER * step for step in range(1, 13)]
    return [day for day in reversed(days) if day >= first]


def score_the_past(dossier: Dossier, today: date) -> None:
    """Publish the dossier's scores quarter by quarter, from what had been entered then."""
    weight_set = active_weight_set()
    published, courses = Published(weight_set), _courses(dossier)
    for day in quarters_until(today, dossier.opened_on):
        at = noon(day, hours=8)
        facts = dossier_facts(dossier, at)
        if move_on(dossier, facts, CLEARANCES, Day(day, at, method_of(weight_set))):
            facts = replace(facts, moves=tuple(move_facts(dossier, at + MOVING)))
        stood = tuple(_commitments_at(facts.commitments, day, courses))
        published.add(dossier, replace(facts, commitments=stood), day, at=at)
    published.store()


def score_today(dossier: Dossier, today: date) -> None:
    """Bring the dossier up to date at every clearance."""
    rescore(dossier.pk, as_of=today, everything=True)


def _courses(dossier: Dossier) -> Courses:
    """Commitment -> its dated statuses, in order."""
    rows = CommitmentStatus.objects.filter(commitment__in=dossier.commitments.all())
    courses: Courses = {}
    for commitment, since, status in rows.values_list("commitment", "since_first", "status"):
        if since is not None:
            courses.setdefault(str(commitment), []).append((since, status))
    return courses


def _commitments_at(
    rows: Iterable[CommitmentFact], day: date, courses: Courses
) -> Iterable[CommitmentFact]:
    for row in rows:
        passed = [status for since, status in courses.get(row.source.id, ()) if since <= day]
        if passed:
            yield replace(row, status=passed[-1])


def do_jobs(today: date, *, but: Dossier | None = None) -> None:
    """Do the recomputes that the corrections asked for, as a worker would; all but one."""
    waiting = Job.objects.filter(topic=SCORE, state=Job.State.WAITING)
    if but is not None:
        waiting = waiting.exclude(key=str(but.pk))
    waiting.update(due_at=Now())  # nobody else writes here: a burst need not be waited out
    while jobs := due_jobs(SCORE):
        for job_id in jobs:
            with claimed(job_id) as job:
                if job is not None:
                    rescore(UUID(job.key), as_of=today)


def leave_waiting(dossier: Dossier, *, until: date) -> None:
    """Let the dossier's recompute come due only then: its pages show the last value meanwhile."""
    Job.objects.filter(slot=f"{SCORE}:{dossier.pk}").update(due_at=noon(until))


def let_fail(dossier: Dossier) -> None:
    """Let three workers take the dossier's recompute and go silent: then it is given up."""
    job = Job.objects.get(slot=f"{SCORE}:{dossier.pk}")
    Job.objects.filter(pk=job.pk).update(due_at=Now())
    while claim(job.pk) is not None:
        Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
