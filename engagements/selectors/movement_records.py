"""The records behind a move: their dates, grades and levels, and which of them were corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet, Value

from accounts.access import COARSE_FROM
from actors.models import ArmedGroup, ContextFact, NgoService
from engagements.models import (
    Blocker,
    Claim,
    Dossier,
    Engagement,
    FollowUp,
    Interaction,
    Reading,
)
from engagements.selectors.movement import Split
from engagements.selectors.score_evidence import Key
from records.dates import PartialDate
from records.models import RecordVersion
from records.models.records import CURRENT
from scorecards.scoring.facts import DossierFacts, Source

# The kinds of record that a factor is worked out from (section 3.2); readings: interactions.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "EN1": ("context_fact",),
    "EN2": ("context_fact",),
    "EN3": ("armed_group", "engagement", "interaction"),
    "EN4": ("context_fact", "armed_group"),
    "NG3": ("ngo_service",),
    "GR10": ("armed_group",),
    "QI6": ("claim", "follow_up", "interaction"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a fact says of its record: when, how well graded, how high."""

    date: PartialDate | None
    grade: str | None
    level: int


def key_of(source: Source) -> Key:
    return source.kind, source.id


def known_records(split: Split) -> dict[Key, Known]:
    """Every record that the facts of either side come from; of several rows the highest level."""
    found: dict[Key, Known] = {}
    for facts in (split.known_then, split.known_now):
        for source, known in _known(facts):
            held = found.get(key_of(source))
            if held is None or known.level > held.level:
                found[key_of(source)] = known
    return found


def _known(facts: DossierFacts) -> Iterator[tuple[Source, Known]]:
    rows: Any
    for rows in (
        facts.meetings, facts.contacts, facts.items, facts.promises, facts.states, facts.services,
        facts.blockers,
    ):  # fmt: skip
        for row in rows:
            yield row.source, Known(_date_of(row), getattr(row, "grade", None), row.level)
    if facts.group_start is not None:
        start = facts.group_start
        yield start.source, Known(start.date, start.grade, 1)


def _date_of(row: Any) -> PartialDate | None:
    for name in ("date", "begun", "due_on", "raised_on"):
        when = getattr(row, name, None)
        if when is not None:
            return when if isinstance(when, PartialDate) else PartialDate(when)
    return None


def newest_first(sources: Iterable[Source], known: Mapping[Key, Known]) -> list[Source]:
    def order(source: Source) -> tuple[str, str, str]:
        record = known.get(key_of(source))
        when = record.date.middle.isoformat() if record and record.date else ""
        return when, source.kind, source.id

    return sorted(set(sources), key=order, reverse=True)


def apart_from(sources: Iterable[Source], known: Mapping[Key, Known]) -> list[Source]:
    """Those of level 3 and up: a reader of pseudonymised records does not follow them singly."""
    return [one for one in sources if _level(one, known) >= COARSE_FROM]


def _level(source: Source, known: Mapping[Key, Known]) -> int:
    record = known.get(key_of(source))
    return record.level if record else COARSE_FROM


# --- Corrections ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Corrected:
    """A record entered by the first day and changed since. `factors`: readings it has or had."""

    source: Source
    at: datetime
    withdrawn: bool
    grade: str | None
    level: int
    factors: frozenset[str]


def corrected_records(split: Split) -> list[Corrected]:
    """Records within the clearance that were there when the first score was published and changed
    since, the newest change first; three queries, whatever their number.
    """
    if split.published is None:
        return []
    first, *others = (_changed(kind, rows, split) for kind, rows in _reach(split.dossier).items())
    rows = list(first.union(*others, all=True))
    readings = _readings_of([row[1] for row in rows if row[0] == "interaction"], split)
    found = [
        Corrected(
            source=Source(kind, str(pk)),
            at=changed_at,
            withdrawn=state != CURRENT,
            grade=grade or None,
            level=level,
            factors=frozenset(readings.get(pk, ())),
        )
        for kind, pk, changed_at, state, level, grade in rows
    ]
    return sorted(found, key=lambda one: (one.at, one.source.id), reverse=True)


def behind(factor: str, judged: bool, corrected: Iterable[Corrected]) -> list[Corrected]:
    """Those that may have moved a factor."""
    if judged:
        return [one for one in corrected if factor in one.factors]
    kinds = _KINDS.get(factor, ("interaction",))
    return [one for one in corrected if one.source.kind in kinds]


def _reach(dossier: Dossier) -> dict[str, QuerySet[Any]]:
    """The records that can bear on the dossier's conditions, by kind, whatever their state."""
    engagement = dossier.engagement
    meetings = Interaction.objects.filter(engagement=engagement)
    if dossier.norm != "GEN":
        meetings = meetings.filter(topic_rows__norm=dossier.norm)
    group = Q(armed_group=None) | Q(armed_group=engagement.armed_group_id)
    return {
        "interaction": meetings,
        "claim": Claim.objects.filter(interaction__engagement=engagement),
        "follow_up": FollowUp.objects.filter(interaction__engagement=engagement),
        "context_fact": ContextFact.objects.filter(group, context=engagement.context_id),
        "ngo_service": NgoService.objects.filter(
            ngo=engagement.ngo_id, context=engagement.context_id
        ),
        "armed_group": ArmedGroup.objects.filter(pk=engagement.armed_group_id),
        "engagement": Engagement.objects.filter(pk=engagement.pk),
        "blocker": Blocker.objects.filter(dossier=dossier),
    }


def _changed(kind: str, rows: QuerySet[Any], split: Split) -> QuerySet[Any]:
    """Entered by the first score and changed since: the columns of `Corrected`."""
    found = rows.filter(
        created_at__lte=split.entered_by,
        updated_at__gt=split.entered_by,
        level__lte=split.clearance,
    )
    graded = any(field.name == "grade" for field in rows.model._meta.get_fields())
    text = CharField()
    told = found.order_by().annotate(
        told_kind=Value(kind, text), told_grade=F("grade") if graded else Value("", text)
    )
    columns = ("told_kind", "pk", "updated_at", "state", "level", "told_grade")
    rows_told: QuerySet[Any] = told.values_list(*columns)
    return rows_told


def _readings_of(ids: list[UUID], split: Split) -> dict[UUID, set[str]]:
    """Factors that these meetings have readings of, or had in a version replaced since."""
    found: dict[UUID, set[str]] = {pk: set() for pk in ids}
    readings = Reading.objects.filter(interaction__in=ids).order_by()
    for record, factor in readings.values_list("interaction", "factor"):
        found[record].add(factor)
    versions = RecordVersion.objects.filter(
        record__in=ids, replaced_at__gt=split.entered_by, kind="interaction"
    )
    for record, body in versions.values_list("record", "body"):
        found[record] |= {reading["factor"] for reading in body.get("readings", ())}
    return found
