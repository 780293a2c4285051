"""Scores of the sample: a line of past publications, today's, one that waits, one that failed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from engagements.models import CommitmentStatus, Dossier
from engagements.samples.seed import fixed_id, noon
from engagements.scorer import rescore
from engagements.selectors.facts import dossier_facts
from records.jobs import claim, claimed, due_jobs
from records.models import Job
from scorecards.models import Publication, ScoreSnapshot, WeightSet
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS
from scorecards.results import conduciveness_result, scorecard_result
from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.facts import CLEARANCES, CommitmentFact, DossierFacts, inputs_digests
from scorecards.scoring.integration import integration
from scorecards.scoring.method import ENGINE
from scorecards.services.weights import active_weight_set, method_of

QUARTER = timedelta(days=91)
SCORE = "score"

Courses = dict[str, list[tuple[date, str]]]


def quarters_until(today: date, first: date) -> list[date]:
    """Days a quarter of a year apart, oldest first, from `first` on and all before today."""
    days = [today - QUARTER * step for step in range(1, 13)]
    return [day for day in reversed(days) if day >= first]


def score_the_past(dossier: Dossier, today: date) -> None:
    """Publish the dossier's scores quarter by quarter, from what was known then.

    Rows are made by the method itself and stored in bulk: published one by one, as a worker
    does it, the past of the whole register would take a minute.
    """
    facts, weights = dossier_facts(dossier), active_weight_set()
    courses = _courses(facts)
    made: dict[tuple[Any, ...], ScoreSnapshot] = {}
    published: list[Publication] = []
    for day in quarters_until(today, dossier.opened_on):
        known = known_at(facts, day, courses)
        digests = inputs_digests(known)
        for clearance in CLEARANCES:
            for kind, digest in zip((SCORECARD, SUCCESS_FACTORS), digests[clearance], strict=True):
                key = (kind, day, digest)
                if key not in made:
                    seen = known.at_clearance(clearance)
                    made[key] = _snapshot(dossier, kind, seen, day, digest, weights)
                published.append(_publication(made[key], clearance))
    ScoreSnapshot.objects.bulk_create(made.values())
    Publication.objects.bulk_create(published)


def _snapshot(
    dossier: Dossier, kind: str, seen: DossierFacts, day: date, digest: str, weights: WeightSet
) -> ScoreSnapshot:
    method = method_of(weights)
    if kind == SCORECARD:
        result, value = scorecard_result(integration(seen, day, method), seen, day)
    else:
        result, value = conduciveness_result(conduciveness(seen, day, method))
    return ScoreSnapshot(
        pk=fixed_id("snapshot", kind, dossier.pk, day, digest),
        kind=kind,
        dossier=dossier,
        as_of=day,
        weight_set=weights,
        engine=ENGINE,
        inputs_digest=digest,
        result=result,
        value=value,
        computed_at=noon(day, hours=8),
    )


def _publication(snapshot: ScoreSnapshot, clearance: int) -> Publication:
    return Publication(
        kind=snapshot.kind,
        dossier=snapshot.dossier,
        clearance=clearance,
        snapshot=snapshot,
        published_at=snapshot.computed_at,
    )


def score_today(dossier: Dossier, today: date) -> None:
    """Bring the dossier up to date at every clearance."""
    rescore(dossier.pk, as_of=today, everything=True)


def _date_back(dossier: Dossier) -> None:
    """Say of each past publication that it was made on its own day."""
    for day in set(dossier.snapshots.values_list("as_of", flat=True)):
        then = noon(day, hours=8)
        ScoreSnapshot.objects.filter(dossier=dossier, as_of=day).update(computed_at=then)
        Publication.objects.filter(dossier=dossier, snapshot__as_of=day).update(published_at=then)


def known_at(facts: DossierFacts, day: date, courses: Courses) -> DossierFacts:
    """The facts that were there to be known on that day."""
    return replace(
        facts,
        contacts=tuple(row for row in facts.contacts if row.date.first <= day),
        meetings=tuple(row for row in facts.meetings if row.date.first <= day),
        readings=tuple(row for row in facts.readings if row.date.first <= day),
        items=tuple(row for row in facts.items if row.date.first <= day),
        promises=tuple(row for row in facts.promises if row.due_on <= day),
        states=tuple(row for row in facts.states if row.begun is None or row.begun.first <= day),
        services=tuple(row for row in facts.services if row.begun.first <= day),
        blockers=tuple(row for row in facts.blockers if (row.raised_on or day) <= day),
        ratings=tuple(row for row in facts.ratings if row.as_of <= day),
        commitments=tuple(_commitments_at(facts.commitments, day, courses)),
        incidents=tuple(row for row in facts.incidents if row.date.first <= day),
    )


def _courses(facts: DossierFacts) -> Courses:
    """Commitment -> its dated statuses, in order."""
    rows = CommitmentStatus.objects.filter(
        commitment__in=[row.source.id for row in facts.commitments]
    )
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
