"""A register to measure by: any number of meetings, in bounded memory, the same for a seed.

Sizes of dossiers are log-normal (median 48, one in ten above 400, none above 5,000); meetings
lie over ten years, denser to the present, and are written in the order of time, as life does.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from datetime import date, timedelta
from itertools import accumulate, pairwise
from math import exp
from random import Random
from statistics import NormalDist
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import Context, Membership, User
from actors.models import ArmedGroup, Counterpart, GroupName, Ngo, NgoName, NgoType
from actors.models.names import fold
from engagements.details import CODES
from engagements.models import (
    Commitment,
    Dossier,
    Engagement,
    Interaction,
    InteractionTopic,
    Participant,
    Reading,
)
from engagements.samples.bulk import BulkTable, Row, analyse, unhindered
from engagements.samples.publishing import Published
from engagements.samples.seed import data
from engagements.selectors.facts import dossier_facts
from engagements.services.meeting_rules import JUDGED
from records.sealing import create_key, seal
from scorecards.models import Standing
from scorecards.scoring.facts import CLEARANCES
from scorecards.services.weights import active_weight_set

Say = Callable[[str], object]

CONTEXTS, NGOS, GROUPS = 40, 800, 4_200
FULL_LISTS = 10_000  # meetings from which on the lists of NGOs and groups are complete
MEETINGS_A_DOSSIER, MEETINGS_A_COMMITMENT = 200, 10
MEDIAN, SPREAD, LARGEST = 48, 1.72, 5_000
PEOPLE, PARTICIPANTS, READINGS = 6, 3, 4
DAYS, DENSER = 3_652, 1.7
BATCH = 10_000
SCORED_TOGETHER = 20
PATIENCE = 2.0  # seconds without a word
PASSWORD = "a register to measure by"


class NotEmpty(Exception):
    """There are records here already: a register is grown in an empty database."""


class Place(NamedTuple):
    """One engagement with its dossier, as the meetings need it."""

    context: UUID
    engagement: str
    dossier: str
    level: int
    people: list[str]


def grow(interactions: int, *, seed: int, today: date, say: Say, scores: bool = True) -> None:
    """Fill an empty database. Raises NotEmpty otherwise; a run that broke off is not resumed."""
    if Context.objects.exists():
        raise NotEmpty
    growing = _Growing(interactions, seed, today, say)
    with unhindered():
        growing.lay_ground()
        growing.add_meetings()
        growing.add_commitments()
    analyse()
    if scores:
        growing.score()
        analyse()


def dossier_sizes(interactions: int) -> list[int]:
    """How many meetings each dossier has: the quantiles of a log-normal, made to add up."""
    count = max(1, round(interactions / MEETINGS_A_DOSSIER))
    normal = NormalDist()
    shares = [
        min(LARGEST, MEDIAN * exp(SPREAD * normal.inv_cdf((place + 0.5) / count)))
        for place in range(count)
    ]
    stretch = interactions / sum(shares)
    ends = [round(total * stretch) for total in accumulate(shares)]
    return [end - before for before, end in pairwise([0, *ends])]


class _Growing:
    """One growing: chances from one seed, in one order."""

    def __init__(self, interactions: int, seed: int, today: date, say: Say) -> None:
        self.interactions, self.today, self.say = interactions, today, say
        self.luck = Random(seed)
        self.places: list[Place] = []
        self.author = UUID(int=self.luck.getrandbits(128))
        words = [text for said in data("phrases")["asides"].values() for text in said]
        self.words = " ".join(words).split()

    def new_id(self) -> str:
        return f"{self.luck.getrandbits(128):032x}"

    # --- What the meetings stand on ---------------------------------------------------------------

    def lay_ground(self) -> None:
        self.say("Writing contexts, NGOs, armed groups and engagements")
        contexts = self._add_contexts()
        share = min(1.0, self.interactions / FULL_LISTS)
        with transaction.atomic():
            ngos = self._add_ngos(max(CONTEXTS, round(NGOS * share)))
            groups = self._add_groups(max(1, round(GROUPS * share / CONTEXTS)) * CONTEXTS, contexts)
            self._add_engagements(ngos, groups, contexts)

    def _add_contexts(self) -> list[UUID]:
        """Forty contexts with their keys, and people who read all, ten or none of them."""
        with transaction.atomic():
            contexts = [
                Context.objects.create(
                    pk=UUID(self.new_id()), code=f"grown-{place:02d}", name=f"Grown {place:02d}"
                )
                for place in range(CONTEXTS)
            ]
            password = make_password(PASSWORD)
            for name, reads in (("grower", CONTEXTS), ("grower-ten", 10), ("grower-none", 0)):
                pk = self.author if name == "grower" else UUID(self.new_id())
                user = User.objects.create(
                    pk=pk, username=name, name=name, password=password, is_sample=True
                )
                Membership.objects.bulk_create(
                    Membership(user=user, context=context, role="head", clearance=4)
                    for context in contexts[:reads]
                )
        for context in contexts:
            create_key(context.pk)
            # Used once outside a transaction, the key is remembered: each text would ask for it.
            seal("key", place="samples.grow", compartment=context.pk)
        return [context.pk for context in contexts]

    def _add_ngos(self, count: int) -> list[str]:
        ids = [self.new_id() for _ in range(count)]
        types = ("OPS", "POL", "RES", "DIF")
        BulkTable(Ngo, ("id", "name")).write(
            (pk, f"Invented NGO {place:03d}") for place, pk in enumerate(ids)
        )
        BulkTable(NgoType, ("ngo_id", "type", "primary")).write(
            (pk, types[place % 4], True) for place, pk in enumerate(ids)
        )
        BulkTable(NgoName, ("ngo_id", "name", "folded", "kind", "language")).write(
            (pk, name, fold(name), "official", "en")
            for place, pk in enumerate(ids)
            for name in [f"Invented NGO {place:03d}"]
        )
        return ids

    def _add_groups(self, count: int, contexts: list[UUID]) -> list[tuple[str, int]]:
        """(id, level): four in five on the reference list, the others born in their context."""
        groups = [(self.new_id(), 1 if place % 10 else 2) for place in range(count)]
        columns = ("id", "name", "context_id", "level", "structure", "active_from_first")
        BulkTable(ArmedGroup, (*columns, "active_from_precision", "active_from_grade")).write(
            (
                pk,
                f"Invented group {place:04d}",
                None if place % 5 else contexts[place % CONTEXTS].hex,
                level,
                ("CEN", "DEC", "COM")[place % 3],
                self.day(self.luck.random()),
                "day",
                "B2",
            )
            for place, (pk, level) in enumerate(groups)
        )
        BulkTable(GroupName, ("group_id", "name", "folded", "kind", "language")).write(
            (pk, name, fold(name), kind, "en")
            for place, (pk, _) in enumerate(groups)
            for name, kind in (
                (f"Invented group {place:04d}", "official"),
                (f"{self.luck.choice(self.words)} {place:04d}", "alias"),
            )
        )
        return groups

    def _add_engagements(
        self, ngos: list[str], groups: list[tuple[str, int]], contexts: list[UUID]
    ) -> None:
        """One engagement with its general dossier for each size; people of its group there."""
        for place in range(len(dossier_sizes(self.interactions))):
            people = [self.new_id() for _ in range(PEOPLE)]
            engagement, dossier = self.new_id(), self.new_id()
            level = groups[place % len(groups)][1]
            context = contexts[place % CONTEXTS]
            self.places.append(Place(context, engagement, dossier, level, people))
        opened = (self.today - timedelta(days=DAYS)).isoformat()
        columns = ("id", "context_id", "level", "ngo_id", "armed_group_id")
        BulkTable(Engagement, columns).write(
            (
                row.engagement,
                row.context.hex,
                row.level,
                ngos[(place * 7 + place // len(groups)) % len(ngos)],
                groups[place % len(groups)][0],
            )
            for place, row in enumerate(self.places)
        )
        BulkTable(Dossier, ("id", "context_id", "level", "engagement_id", "opened_on")).write(
            (row.dossier, row.context.hex, row.level, row.engagement, opened) for row in self.places
        )
        BulkTable(Standing, ("dossier_id", "clearance")).write(
            (row.dossier, clearance) for row in self.places for clearance in CLEARANCES
        )
        columns = ("id", "context_id", "armed_group_id", "code", "rank")
        BulkTable(Counterpart, columns).write(
            (pk, row.context.hex, groups[place % len(groups)][0], f"P{place:05d}-{number}", rank)
            for place, row in enumerate(self.places)
            for number, (pk, rank) in enumerate(
                zip(row.people, ("L1", "L2", "L3", "L3", "L4", "LP"), strict=True)
            )
        )

    def day(self, moment: float) -> str:
        """A day of the ten years; `moment` 0 is their beginning, 1 is today."""
        return (self.today - timedelta(days=DAYS) + timedelta(days=int(DAYS * moment))).isoformat()

    # --- Meetings ---------------------------------------------------------------------------------

    def add_meetings(self) -> None:
        """Meetings in the order of time, a transaction for every ten thousand."""
        begun = told = time.monotonic()
        rows = _MeetingRows(self)
        for done in range(0, self.interactions, BATCH):
            rows.make(done, min(done + BATCH, self.interactions))
            with transaction.atomic():
                rows.write()
            if time.monotonic() - told > PATIENCE:
                told = time.monotonic()
                self._tell("meetings", done + BATCH, self.interactions, begun)

    def _tell(self, what: str, done: int, of: int, begun: float) -> None:
        rate = done / (time.monotonic() - begun)
        self.say(f"  {min(done, of):,} of {of:,} {what}, {rate:,.0f} a second")

    def turns(self) -> array[int]:
        """Whose turn it is at each meeting: every engagement as often as its size, mixed."""
        turns = array("I")
        for place, size in enumerate(dossier_sizes(self.interactions)):
            turns.extend([place] * size)
        self.luck.shuffle(turns)
        return turns

    def moment(self, number: int) -> float:
        """When the meeting of this number took place: the later, the closer together."""
        return float((number / self.interactions) ** (1 / DENSER))

    # --- Commitments and scores -------------------------------------------------------------------

    def add_commitments(self) -> None:
        count = self.interactions // MEETINGS_A_COMMITMENT
        self.say(f"Writing {count:,} commitments")
        columns = ("id", "context_id", "level", "instrument", "title", "norms", "status")
        table = BulkTable(Commitment, (*columns, "signed_on_first", "signed_on_precision"))
        tie = BulkTable(Commitment.dossiers.through, ("commitment_id", "dossier_id"))
        for done in range(0, count, BATCH):
            made = [self._commitment(number) for number in range(done, min(done + BATCH, count))]
            with transaction.atomic():
                table.write(row for row, _ in made)
                tie.write((row[0], dossier) for row, dossier in made)

    def _commitment(self, number: int) -> tuple[Row, str]:
        place = self.places[int(self.luck.random() * len(self.places))]
        instruments = CODES["instruments"].values()
        statuses = CODES["commitment_statuses"].values()
        row = (
            self.new_id(),
            place.context.hex,
            max(place.level, 1 + number % 3),
            str(instruments[number % len(instruments)]),
            f"Invented undertaking {number:06d}",
            f" {self.luck.choice(NORMS)} ",
            str(statuses[number % len(statuses)]),
            self.day(self.luck.random()),
            "day",
        )
        return row, place.dossier

    def score(self) -> None:
        """Score every dossier at every clearance, some of them in each transaction."""
        self.say(f"Scoring {len(self.places):,} dossiers")
        begun = told = time.monotonic()
        for done in range(0, len(self.places), SCORED_TOGETHER):
            self._score_some([row.dossier for row in self.places[done : done + SCORED_TOGETHER]])
            if time.monotonic() - told > PATIENCE:
                told = time.monotonic()
                self._tell("dossiers", done + SCORED_TOGETHER, len(self.places), begun)

    @transaction.atomic
    def _score_some(self, dossiers: list[str]) -> None:
        published = Published(active_weight_set())
        rows = Dossier.objects.filter(pk__in=dossiers).select_related("engagement__armed_group")
        for dossier in rows:
            facts = dossier_facts(dossier)
            published.add(dossier, facts, self.today, at=timezone.now())
        published.store_and_show()


NORMS = tuple(str(code) for code in CODES["norms"].values() if code != "GEN")
_FACTORS = tuple(sorted(JUDGED))
_TYPES = tuple(str(row.code) for row in CODES["interaction_types"] if row.extra["held_possible"])
_CHANNELS = tuple(str(code) for code in CODES["channels"].values())
_LEVELS = (1, 2, 2, 3, 3, 3, 3, 3, 3, 4)
_RANKS = (("L1", " L2 "), ("L2", " L3 "), ("L3", ""), ("L3", " L4 "), ("LP", ""), ("L4", ""))
_GRADES = ("A1", "A2", "B2", "B2", "B2", "B3", "C2", "C3", "D4")
_AREAS = ("North", "South", "East", "West", "Coast", "Hills", "River", "Plain")


class _MeetingRows:
    """The rows of one batch of meetings, for four tables."""

    def __init__(self, growing: _Growing) -> None:
        self.growing, self.luck, self.turns = growing, growing.luck, growing.turns()
        self._meetings = BulkTable(
            Interaction,
            (
                "id", "context_id", "level", "engagement_id", "created_by_id", "created_at",
                "updated_at", "held_on_first", "held_on_precision", "type", "channel",
                "place_country", "place_admin1", "highest_level", "levels", "outcome", "trust",
                "grade", "summary",
            ),
        )  # fmt: skip
        self._topics = BulkTable(InteractionTopic, ("interaction_id", "norm"))
        self._people = BulkTable(
            Participant, ("id", "interaction_id", "counterpart_id", "position")
        )
        self._readings = BulkTable(
            Reading, ("id", "interaction_id", "factor", "rating", "position")
        )
        self._forget()

    def _forget(self) -> None:
        self.meetings: list[Row] = []
        self.topics: list[Row] = []
        self.people: list[Row] = []
        self.readings: list[Row] = []

    def write(self) -> None:
        """Insert what was made, parents first, and let it go."""
        self._meetings.write(self.meetings)
        self._topics.write(self.topics)
        self._people.write(self.people)
        self._readings.write(self.readings)
        self._forget()

    def make(self, first: int, end: int) -> None:
        for number in range(first, end):
            self._make_one(number, self.growing.places[self.turns[number]])

    def _make_one(self, number: int, place: Place) -> None:
        luck, pk = self.luck.random, self.growing.new_id()
        self.meetings.append(self._meeting(number, pk, place))
        norm = int(luck() * 19)
        self.topics += [(pk, NORMS[norm]), (pk, NORMS[norm + 1])]
        person = int(luck() * PEOPLE)
        self.people += [
            (self.growing.new_id(), pk, place.people[(person + step) % PEOPLE], step)
            for step in range(PARTICIPANTS)
        ]
        factor, mood = int(luck() * len(_FACTORS)), luck() * 3
        self.readings += [
            (
                self.growing.new_id(),
                pk,
                _FACTORS[(factor + 5 * step) % len(_FACTORS)],
                int(mood + luck() * 2),
                step,
            )
            for step in range(READINGS)
        ]

    def _meeting(self, number: int, pk: str, place: Place) -> Row:
        luck = self.luck.random
        day = self.growing.day(self.growing.moment(number))
        written = f"{day} {8 + int(luck() * 12):02d}:{int(luck() * 60):02d}:00"
        highest, others = _RANKS[int(luck() * len(_RANKS))]
        return (
            pk,
            place.context.hex,
            max(place.level, _LEVELS[int(luck() * len(_LEVELS))]),
            place.engagement,
            self.growing.author.hex,
            written,
            written,
            day,
            "day",
            _TYPES[int(luck() * len(_TYPES))],
            _CHANNELS[int(luck() * len(_CHANNELS))],
            "QX",
            _AREAS[int(luck() * len(_AREAS))],
            highest,
            others,
            int(luck() * 7) - 1,
            int(luck() * 5),
            _GRADES[int(luck() * len(_GRADES))],
            self._summary(pk, place.context),
        )

    def _summary(self, pk: str, context: UUID) -> bytes:
        """Twenty to sixty words, sealed for their row as the field itself would."""
        words, count = self.growing.words, 20 + int(self.luck.random() * 41)
        start = int(self.luck.random() * (len(words) - count))
        text = " ".join(words[start : start + count])
        return seal(text, place=f"{_SUMMARY}:{UUID(pk)}", compartment=context)


_SUMMARY = "engagements.interaction.summary"
