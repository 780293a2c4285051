"""The sample register as a whole: what is laid down in which order, and when it is refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import Context, User
from engagements.models import Dossier, Engagement, Interaction
from engagements.samples import actors, assessments, beside, corrections, scores, stages
from engagements.samples.cast import add_cast, context_ids
from engagements.samples.historic import add_historic_cases
from engagements.samples.meetings import add_meetings, meeting_id
from engagements.samples.seed import data, fixed_id, months_before, noon
from engagements.samples.story import Sketch, meetings_of
from engagements.samples.weights import add_draft
from records.dates import PartialDate
from scorecards.services.snapshots import open_standings

Say = Callable[[str], object]
Table = dict[str, Any]

# The dossiers that show how a recompute looks that is not done yet, and one that was given up.
WAITING, FAILED = ("lantern_river", "N04"), ("concord_vff", "GEN")
PATIENCE = 2.0  # seconds without a word


class RealRegister(Exception):
    """The register holds somebody's own data: invented records have no place beside it."""


def is_there() -> bool:
    """Whether the sample register was laid down before."""
    last = data("valdoria")["engagements"][-1]["key"]
    return Engagement.objects.filter(pk=fixed_id("engagement", last)).exists()


def refuse_beside_real_data() -> None:
    """Raise RealRegister if anything here did not come with the sample."""
    strangers = Context.objects.exclude(pk__in=context_ids())
    if strangers.exists() or User.objects.filter(is_sample=False).exists():
        raise RealRegister


def add_sample(today: date, say: Say) -> bool:
    """Lay down the sample register; False if it is there already, then nothing changes."""
    if is_there():
        return False
    refuse_beside_real_data()
    add_cast()
    with transaction.atomic():
        _Register(today, say).lay_down()
    return True


class _Register:
    """One laying down: what later steps need of earlier ones."""

    def __init__(self, today: date, say: Say) -> None:
        self.today, self.say = today, say
        self.tables: Table = data("valdoria")
        self.contexts = {table["key"]: table for table in self.tables["contexts"]}
        self.groups = {table["key"]: table for table in self.tables["armed_groups"]}
        self.engagements: dict[str, Engagement] = {}
        self.told: dict[str, list[Sketch]] = {}
        self.dossiers: list[Dossier] = []

    def lay_down(self) -> None:
        self.say("Writing the sample register: eleven historic cases")
        self.dossiers += add_historic_cases()
        self.say("Writing two fictitious contexts with 400 meetings")
        actors.add_working_actors(self.tables, self.today)
        self._add_engagements()
        self._add_what_stands_beside()
        self._add_assessments()
        self._place()
        self.say("Computing the scores, quarter by quarter")
        # The historic cases came into the register today: only the others have a past in it.
        followed = [row for row in self.dossiers if row.engagement_id in self._followed()]
        for dossier in self._counted(followed):
            scores.score_the_past(dossier, self.today)
        self._change_afterwards()
        for dossier in self.dossiers:
            scores.score_today(dossier, self.today)
        scores.do_jobs(self.today)
        self._leave_states()
        corrections.add_drafts(self.engagements, self.today)
        add_draft(self.today)

    def _followed(self) -> set[UUID]:
        return {engagement.pk for engagement in self.engagements.values()}

    def _counted(self, dossiers: list[Dossier]) -> Iterator[Dossier]:
        told = time.monotonic()
        for number, dossier in enumerate(dossiers):
            if time.monotonic() - told > PATIENCE:
                told = time.monotonic()
                self.say(f"  {number} of {len(dossiers)} dossiers")
            yield dossier

    def _add_engagements(self) -> None:
        for table in self.tables["engagements"]:
            group, context = self.groups[table["group"]], self.contexts[table["context"]]
            sketches = meetings_of(table, group, context, self.today)
            engagement = self._engagement(table, sketches[0].day)
            people = self._people(table, group)
            add_meetings(
                table["key"],
                engagement,
                sketches,
                people,
                country=context["countries"][0],
                today=self.today,
            )
            self.engagements[table["key"]], self.told[table["key"]] = engagement, sketches
            self.dossiers += self._open_dossiers(table, engagement)

    def _engagement(self, table: Table, first: date) -> Engagement:
        lead = "oskar" if table["context"] == "kestria" else "amina"
        engagement = Engagement(
            pk=fixed_id("engagement", table["key"]),
            context_id=fixed_id("context", table["context"]),
            level=self.groups[table["group"]]["level"],
            ngo_id=fixed_id("ngo", table["ngo"]),
            armed_group_id=fixed_id("group", table["group"]),
            status="paused" if "until" in table else "active",
            lead_id=fixed_id("user", lead),
            created_by_id=fixed_id("user", lead),
            created_at=noon(first),
            updated_at=noon(first),
        )
        engagement.started_on = PartialDate(first.replace(day=1), "month")
        engagement.save(force_insert=True)
        return engagement

    def _people(self, table: Table, group: Table) -> dict[str, Any]:
        """The group's counterparts: known in a context once, whichever NGO meets them."""
        for other in self.tables["engagements"]:
            if other["key"] in self.engagements and other["group"] == table["group"]:
                engagement = self.engagements[other["key"]]
                return {row.code: row for row in engagement.armed_group.counterparts.all()}
        return actors.add_people(group, table["context"])

    def _open_dossiers(self, table: Table, engagement: Engagement) -> Iterable[Dossier]:
        for norm in table["norms"]:
            ago = table["opened"].get(norm, table["mood"][0][0])
            dossier = Dossier(
                pk=fixed_id("dossier", engagement.pk, norm),
                context_id=engagement.context_id,
                level=engagement.level,
                engagement=engagement,
                norm=norm,
                opened_on=months_before(self.today, ago),
                created_by_id=engagement.lead_id,
                created_at=noon(months_before(self.today, ago)),
                updated_at=noon(months_before(self.today, ago)),
            )
            dossier.save(force_insert=True)
            open_standings(dossier.pk)
            yield dossier

    def _add_what_stands_beside(self) -> None:
        for table in self.tables["commitments"]:
            beside.add_commitment(table, self.engagements[table["engagement"]], self.today)
        for table in self.tables["incidents"]:
            beside.add_incidents(table, self.contexts[table["context"]], self.today)
        for context in self.contexts.values():
            beside.add_watching(context, self.today)
        for table in self.tables["blockers"]:
            beside.add_blocker(table, self._dossier(table["engagement"], table["norm"]), self.today)
        for number, table in enumerate(self.tables["plans"]):
            beside.add_plan(table, number, self.engagements[table["engagement"]], self.today)

    def _add_assessments(self) -> None:
        for number, table in enumerate(self.tables["assessments"]):
            dossier = self._dossier(table["engagement"], table["norm"])
            sketches = self.told[table["engagement"]]
            assessments.add_assessment(table, number, dossier, sketches, self.today)

    def _place(self) -> None:
        """Where dossiers stood before the register was kept, and where the historic cases stood."""
        for table in self.tables["placed"]:
            dossier = self._dossier(table["engagement"], table["norm"])
            stages.place(
                dossier, table["stage"], months_before(self.today, table["ago"]), table["note"]
            )

    def _dossier(self, engagement: str, norm: str) -> Dossier:
        wanted = fixed_id("dossier", fixed_id("engagement", engagement), norm)
        return next(row for row in self.dossiers if row.pk == wanted)

    def _change_afterwards(self) -> None:
        for key, sketches in self.told.items():
            corrections.take_back(key, sketches, self.today)
        corrections.correct_some(self.told, self.today)

    def _leave_states(self) -> None:
        """One dossier waits for its recompute, one was given up; the rest is up to date."""
        for key, _ in (WAITING, FAILED):
            self._correct_newest(key)
        scores.let_fail(self._dossier(*FAILED))
        waiting = self._dossier(*WAITING)
        scores.leave_waiting(waiting, until=months_before(self.today, -1))
        scores.do_jobs(self.today, but=waiting)

    def _correct_newest(self, key: str) -> None:
        """A correction of the newest fitting note, which makes the engagement's scores due."""
        norm = dict((WAITING, FAILED))[key]
        newest = next(
            sketch
            for sketch in reversed(self.told[key])
            if sketch.author == "amina"
            and sketch.outcome is not None
            and (norm == "GEN" or norm in sketch.topics)
        )
        pk = meeting_id(key, newest.number)
        better = min(4, (Interaction.objects.get(pk=pk).outcome or 0) + 1)
        corrections.correct(
            pk, "amina", outcome=better, reason="They sent word that they agree after all."
        )
