"""What holds a dossier's score down, as its page shows it, and what was lifted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.access import Viewer, may, may_in, reads_in_full
from engagements.access import blockers_visible_to
from engagements.details import CODES
from engagements.models import Blocker, Dossier
from engagements.selectors.places import Place, is_coarse, month_of, places_of
from records.dates import PartialDate
from records.models.records import CURRENT


@dataclass(frozen=True, slots=True)
class Standing:
    """One blocker that stands: why, since when, by which record, who set it, where to lift it.

    `reviewer`, `note` and `lift` are empty where the reader may not know or do it.
    """

    words: str
    since: str | None
    place: Place
    reviewer: str
    note: str
    lift: str


@dataclass(frozen=True, slots=True)
class Lifted:
    """One that was lifted, by whom, when and why."""

    words: str
    on: date | PartialDate
    reviewer: str
    note: str


@dataclass(frozen=True, slots=True)
class Blockers:
    standing: list[Standing]
    lifted: list[Lifted]
    may_raise: bool


def blockers_of(viewer: Viewer, dossier: Dossier, factors: Mapping[str, Any]) -> Blockers:
    """Those that stand in the published score, and the liftings, the newest first."""
    rows = blockers_visible_to(viewer).filter(dossier=dossier, state=CURRENT)
    by_hand = {
        str(row.pk): row
        for row in rows.select_related("raised_by", "lifted_by").order_by("-lifted_on", "pk")
    }
    keys = [(row["source"]["kind"], row["source"]["id"]) for row in factors["blockers"]]
    places = places_of(viewer, keys, dossier)
    standing = [
        _standing(viewer, dossier, row, places[key], by_hand.get(key[1]))
        for key, row in zip(keys, factors["blockers"], strict=True)
    ]
    level = {"level": dossier.level}
    return Blockers(
        standing=standing,
        lifted=list(_lifted(viewer, by_hand.values())),
        may_raise=may_in(viewer, "c", "blocker", dossier.context_id, **level),
    )


def _standing(
    viewer: Viewer, dossier: Dossier, row: Mapping[str, Any], place: Place, record: Blocker | None
) -> Standing:
    words, in_full = CODES["blocker_reasons"].label(row["reason"]), False
    lift = ""
    if record is not None:
        in_full = reads_in_full(viewer, record)
        if may(viewer, "a", record):
            lift = reverse("blocker_lift", args=[record.pk])
    elif may_in(viewer, "a", "blocker", dossier.context_id, level=dossier.level):
        lift = reverse("standing_lift", args=[dossier.pk, row["reason"]])
    return Standing(
        words=words,
        since=row["since"],
        place=place,
        reviewer=record.raised_by.name if in_full and record and record.raised_by else "",
        note=record.note if in_full and record else "",
        lift=lift,
    )


def _lifted(viewer: Viewer, rows: Iterable[Blocker]) -> Iterable[Lifted]:
    for row in rows:
        if row.lifted_on is None:
            continue
        in_full = reads_in_full(viewer, row)
        yield Lifted(
            words=CODES["blocker_reasons"].label(row.reason),
            on=month_of(row.lifted_on) if is_coarse(viewer, row) else row.lifted_on,
            reviewer=row.lifted_by.name if in_full and row.lifted_by else "",
            note=row.note if in_full else "",
        )
