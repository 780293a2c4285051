"""Where a record's page stands, and what a reader calls it: links for evidence and reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Case, DateField, F, When
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth
from django.urls import reverse

from accounts.access import COARSE_FROM, Viewer, coarse_contexts
from engagements import access
from engagements.details import CODES
from engagements.models import Dossier
from engagements.selectors.score_evidence import Key, sources_shown
from records.dates import PartialDate

_PAGES = {
    "interaction": "meeting",
    "commitment": "commitment",
    "incident": "incident",
    "observation": "observation",
    "assessment": "assessment",
    "armed_group": "group",
    "ngo": "ngo",
    "dossier": "dossier",
    "weight_set": "weight_set",
}
_WORDS = {
    "interaction": "Meeting",
    "claim": "Promise",
    "follow_up": "Next step",
    "commitment": "Commitment",
    "incident": "Incident",
    "observation": "How much was watched",
    "assessment": "Assessment",
    "armed_group": "What is known of the group",
    "context_fact": "Fact of the context",
    "ngo_service": "Service of the NGO",
    "engagement": "Start of the engagement",
    "blocker": "Blocker",
    "dossier": "Dossier opened",
    "weight_set": "Another weight set came into force",
    "stage_move": "Step on the ladder",
}

# No records with readers of their own: nothing is looked up for them.
_OPEN_TO_ALL = frozenset({"dossier", "weight_set"})


@dataclass(frozen=True, slots=True)
class Place:
    """A record as a link: `href` is None where the reader may not open it or it has no page."""

    text: str
    href: str | None = None


def page_of(kind: str, pk: Any) -> str | None:
    """Address of the record's page; None for kinds that have none of their own."""
    return reverse(_PAGES[kind], args=[pk]) if kind in _PAGES else None


def word_for(kind: str) -> str:
    return _WORDS.get(kind, "Record")


def shown_date(when: PartialDate, *, coarse: bool) -> PartialDate:
    """The date as far as its reader may know it: the month, for one who reads pseudonymised."""
    return when.to_month() if coarse else when


def month_of(when: PartialDate | date) -> PartialDate:
    day = when if isinstance(when, PartialDate) else PartialDate(when)
    return shown_date(day, coarse=True)


def quarter_words(day: date) -> str:
    """ "2026 Q3" """
    return f"{day.year} Q{(day.month - 1) // 3 + 1}"


R = TypeVar("R")


def as_shown(viewer: Viewer, rows: Iterable[R], *days: str, of: Any = None) -> list[R]:
    """The rows with these days cut to months where the reader is shown no more of them, or of the
    record that they belong to. For showing only: such rows are never saved.
    """
    found = list(rows)
    for row in found:
        if is_coarse(viewer, of or row):
            for name in days:
                when = getattr(row, name)
                setattr(row, name, when and month_of(when))
    return found


def is_coarse(viewer: Viewer, row: Any) -> bool:
    """The row's day and place are shown at month and first-level area to this viewer."""
    return row.level >= COARSE_FROM and row.context_id in coarse_contexts(viewer, row.kind)


def places_of(viewer: Viewer, keys: Iterable[Key], dossier: Dossier | None) -> dict[Key, Place]:
    """Each of these records as the viewer may call and open it, in a constant number of queries.

    `dossier` gives facts, services and the engagement their pages; without it they have no link.
    """
    wanted = set(keys)
    shown = sources_shown(
        viewer, (key for key in wanted if key[0] in _WORDS and key[0] not in _OPEN_TO_ALL)
    )
    found = {key: Place(word_for(key[0])) for key in wanted}
    for key in (key for key in wanted if key[0] == "weight_set"):
        found[key] = Place(word_for(key[0]), page_of(*key))
    for key in shown:
        found[key] = Place(word_for(key[0]), _address(key, dossier))
    found |= _meetings(viewer, [pk for kind, pk in shown if kind == "interaction"])
    found |= _assessments(viewer, [pk for kind, pk in shown if kind == "assessment"])
    found |= _commitments(viewer, [pk for kind, pk in shown if kind == "commitment"])
    found |= _promises(viewer, [pk for kind, pk in shown if kind == "claim"])
    found |= _steps(viewer, [pk for kind, pk in shown if kind == "follow_up"])
    return found


def _address(key: Key, dossier: Dossier | None) -> str | None:
    kind, pk = key
    if dossier is not None:
        if kind == "context_fact":
            return reverse("context", args=[dossier.context_id])
        if kind == "ngo_service":
            return reverse("ngo", args=[dossier.engagement.ngo_id])
        if kind == "stage_move":
            return reverse("stage_moves", args=[dossier.pk])
        if kind in ("engagement", "blocker"):
            return reverse("dossier", args=[dossier.pk])
    return page_of(kind, pk)


def _meetings(viewer: Viewer, ids: list[str]) -> dict[Key, Place]:
    rows = access.interactions_visible_to(viewer).filter(pk__in=[UUID(pk) for pk in ids])
    named = rows.only("level", "context_id", "held_on_first", "held_on_precision", "type")
    return {
        ("interaction", str(row.pk)): Place(
            meeting_words(viewer, row), page_of("interaction", row.pk)
        )
        for row in (named if ids else ())
    }


def _assessments(viewer: Viewer, ids: list[str]) -> dict[Key, Place]:
    rows = access.assessments_visible_to(viewer).filter(pk__in=[UUID(pk) for pk in ids])
    named = rows.only("level", "context_id", "as_of")
    return {
        ("assessment", str(row.pk)): Place(
            f"Assessment of {row.as_of}", page_of("assessment", row.pk)
        )
        for row in as_shown(viewer, named if ids else (), "as_of")
    }


def _commitments(viewer: Viewer, ids: list[str]) -> dict[Key, Place]:
    rows = access.commitments_visible_to(viewer).filter(pk__in=[UUID(pk) for pk in ids])
    return {
        ("commitment", str(pk)): Place(title, page_of("commitment", pk))
        for pk, title in (rows.values_list("pk", "title") if ids else ())
    }


def meeting_words(viewer: Viewer, meeting: Any) -> str:
    """ "Talk about the rules, 2026-05-12" """
    when = shown_date(meeting.held_on, coarse=is_coarse(viewer, meeting))
    return f"{CODES['interaction_types'].label(meeting.type)}, {when}"


def _promises(viewer: Viewer, ids: list[str]) -> dict[Key, Place]:
    rows = access.claims_visible_to(viewer).filter(pk__in=[UUID(pk) for pk in ids])
    return {
        ("claim", str(row.pk)): Place(
            _due_words("Promise", row.side, row.due_on), page_of("interaction", row.interaction_id)
        )
        for row in (rows.defer("text") if ids else ())
    }


def _steps(viewer: Viewer, ids: list[str]) -> dict[Key, Place]:
    rows = access.follow_ups_visible_to(viewer).filter(pk__in=[UUID(pk) for pk in ids])
    return {
        ("follow_up", str(row.pk)): Place(
            _due_words("Next step", row.side, row.due_on),
            page_of("interaction", row.interaction_id) if row.interaction_id else None,
        )
        for row in as_shown(viewer, rows.defer("what", "who", "done_note") if ids else (), "due_on")
    }


def _due_words(what: str, side: str, due_on: Any) -> str:
    due = f", due {due_on}" if due_on else ""
    return f"{what} ({CODES['sides'].label(side).lower()}){due}"


def shown_day(viewer: Viewer, column: str, kind: str) -> Combinable:
    """What to sort by: the day, or the first of the month where the viewer is shown only that."""
    contexts = coarse_contexts(viewer, kind)
    if not contexts:
        return F(column)
    return Case(
        When(context__in=contexts, level__gte=COARSE_FROM, then=TruncMonth(column)),
        default=F(column),
        output_field=DateField(),
    )
