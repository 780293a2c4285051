"""Which of a dossier's facts were entered by a moment, without reading them all again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import CharField, DateField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from actors.models import ContextFact, Listing, NgoService
from engagements.models import Blocker, Claim, Dossier, FollowUp, Interaction
from engagements.selectors.facts import contact_facts
from scorecards.scoring.facts import DossierFacts, StateFact


class _Late(NamedTuple):
    """A record entered later. Listings have none of their own in the facts: the group's, with
    the list and its beginning.
    """

    kind: str
    record: str
    value: str
    begun: date | None


def known_by(facts: DossierFacts, dossier: Dossier, by: datetime) -> DossierFacts:
    """Those of the facts of a dossier's conditions that were entered by a moment, as they stand.

    The same as `conditions_facts(dossier, by)`, in two queries at most. Ratings, commitments and
    incidents are no conditions and are left out.
    """
    late = _late(dossier, by)
    kept: dict[str, Any] = {
        field.name: tuple(row for row in rows if _record(row) not in late)
        for field in fields(facts)
        if isinstance(rows := getattr(facts, field.name), tuple)
    }
    kept |= dict.fromkeys(_ON_THE_CARD, ())
    engagement = dossier.engagement
    if engagement.created_at > by or any(row.kind == "interaction" for row in late):
        kept["contacts"] = tuple(contact_facts(engagement, by))
    started = facts.group_start if engagement.armed_group.created_at <= by else None
    return replace(facts, group_start=started, **kept)


_ON_THE_CARD = (
    *("ratings", "commitments", "incidents", "observations"),
    *("gates", "mandates", "inherited", "moves"),
)


def _record(row: Any) -> _Late:
    source = row.source
    if isinstance(row, StateFact) and source.kind == "armed_group":
        return _Late("armed_group", source.id, row.value, row.begun.first if row.begun else None)
    return _Late(source.kind, source.id, "", None)


def _late(dossier: Dossier, by: datetime) -> set[_Late]:
    engagement = dossier.engagement
    group = Q(armed_group=None) | Q(armed_group=engagement.armed_group_id)
    context = {"context": engagement.context_id}
    of_meetings = {"interaction__engagement": engagement}
    rows: Iterable[QuerySet[Any]] = (
        _told("interaction", Interaction.objects.filter(engagement=engagement), by),
        _told("claim", Claim.objects.filter(**of_meetings), by),
        _told("follow_up", FollowUp.objects.filter(**of_meetings), by),
        _told("context_fact", ContextFact.objects.filter(group, **context), by),
        _told("ngo_service", NgoService.objects.filter(ngo=engagement.ngo_id, **context), by),
        _told("blocker", Blocker.objects.filter(dossier=dossier), by),
        _listings(Listing.objects.filter(group=engagement.armed_group_id), by),
    )
    first, *others = rows
    return {
        _Late(kind, str(record), value, begun)
        for kind, record, value, begun in first.union(*others, all=True)
    }


_COLUMNS = ("told_kind", "told_record", "told_value", "told_begun")


def _told(kind: str, rows: QuerySet[Any], by: datetime) -> QuerySet[Any]:
    late = rows.filter(created_at__gt=by).order_by()
    told: QuerySet[Any] = late.annotate(
        told_kind=Value(kind, CharField()),
        told_record=F("pk"),
        told_value=Value("", CharField()),
        told_begun=Cast(Value(None), DateField()),
    ).values_list(*_COLUMNS)
    return told


def _listings(rows: QuerySet[Any], by: datetime) -> QuerySet[Any]:
    late = rows.filter(created_at__gt=by).order_by()
    told: QuerySet[Any] = late.annotate(
        told_kind=Value("armed_group", CharField()),
        told_record=F("group_id"),
        told_value=F("list"),
        told_begun=F("begun_first"),
    ).values_list(*_COLUMNS)
    return told
