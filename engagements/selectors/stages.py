"""The stage of a dossier for its page: why it stands there, what is missing and where to supply it,
and every move with its evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.access import COARSE_FROM, Viewer, coarse_contexts, may_in
from engagements import access
from engagements.models import Dossier
from engagements.selectors.assessment_page import GATES, own_open
from engagements.selectors.places import Place, month_of, places_of
from engagements.selectors.score_evidence import Key, href_of, sources_shown
from engagements.selectors.scores import clearance_for
from engagements.selectors.stage_facts import move_facts
from records.codes import load
from scorecards.models import StageMove
from scorecards.models.stages import PROPOSED
from scorecards.scoring.facts import StageMoveFact
from scorecards.scoring.stages import WITHDRAWN

CODES = load("scorecards")
CRITERIA = load("scorecards", "criteria.toml")["criteria"]
PARENT = "The group it split from"
MOST_PLACES = 12  # links that a line shows; the rest is counted


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the next stage, its state in a word, and the page that would supply it."""

    text: str
    state: str
    href: str | None


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One move as its reader may see it. `places` are the records behind it, each as a link."""

    pk: UUID
    before: str
    after: str
    up: bool
    when: str
    reason: str
    author: str
    confirmed: str
    by_rule: bool
    assessed: bool
    note: str
    proposed: bool
    withdrawn: bool
    places: list[Place]
    more: int


@dataclass(frozen=True, slots=True)
class StagePanel:
    """What stands beside the ladder."""

    drawn: dict[str, Any]
    why: MoveLine | None
    told: list[str]
    conditions: list[Condition]
    pulling: list[Condition]
    next_name: str
    proposed: MoveLine | None
    may_confirm: bool
    own_work: bool


def stage_panel(viewer: Viewer, dossier: Dossier, stage: Mapping[str, Any]) -> StagePanel:
    """From the stage as published at the viewer's clearance; a constant number of queries."""
    newest, proposal = stage.get("move") or "", (stage.get("proposed") or {}).get("move", "")
    lines = _lines(viewer, dossier, [pk for pk in (newest, proposal) if pk])
    links = _Links(viewer, dossier)
    proposed = lines.get(proposal)
    level = stage["level"] or 0
    return StagePanel(
        drawn={name: stage.get(name) for name in ("level", "since", "frozen")},
        why=lines.get(newest),
        told=[CODES["stage_flags"][flag].extra["told"] for flag in stage.get("flags", ())],
        conditions=[links.condition(row) for row in stage.get("next_conditions", ())],
        pulling=[links.condition(row) for row in stage.get("pulling_down", ())],
        next_name=CODES["stages"].label(level + 1) if level < 6 else "",
        proposed=proposed,
        may_confirm=proposed is not None
        and may_in(viewer, "a", StageMove.kind, dossier.context_id, level=dossier.level),
        own_work=proposed is not None and _is_author(viewer, proposed.pk),
    )


def moves_of(viewer: Viewer, dossier: Dossier) -> list[MoveLine]:
    """Every move within the viewer's clearance, newest first, with its evidence."""
    facts = moves_within(viewer, dossier)
    lines = _lines(viewer, dossier, [row.source.id for row in facts], facts)
    return [lines[row.source.id] for row in facts]


def moves_within(viewer: Viewer, dossier: Dossier) -> list[StageMoveFact]:
    """The moves that the viewer's own score rests on, newest first."""
    clearance = clearance_for(viewer, dossier)
    return _newest_first(row for row in move_facts(dossier) if row.level <= clearance)


def stage_marks(viewer: Viewer, dossier: Dossier) -> list[dict[str, Any]]:
    """The moves that count, as marks of the time line; by month for a reader of months."""
    coarse = dossier.context_id in coarse_contexts(viewer, StageMove.kind)
    href = reverse("stage_moves", args=[dossier.pk])
    return [
        {
            "date": month_of(row.moved_on).middle if coarse else row.moved_on,
            "kind": "stage",
            "label": f"{row.before} to {row.after}, {CODES['stages'].label(row.after).lower()}",
            "href": href,
        }
        for row in moves_within(viewer, dossier)
        if not row.proposed and not is_withdrawn(row)
    ]


def moves_json(viewer: Viewer, dossier: Dossier, clearance: int | None) -> dict[str, Any]:
    """The same for the API, at the viewer's clearance or the lower one asked for."""
    at = clearance_for(viewer, dossier, clearance)
    coarse = dossier.context_id in coarse_contexts(viewer, StageMove.kind)
    facts = _newest_first(row for row in move_facts(dossier) if row.level <= at)
    keys = {(kind, pk) for row in facts for _, kind, pk in row.behind}
    shown = sources_shown(viewer, keys)
    wanted = [row.source.id for row in facts]
    people = {
        str(pk): (author, confirmed)
        for pk, author, confirmed in StageMove.objects.filter(pk__in=wanted).values_list(
            "pk", "author", "confirmed_by"
        )
    }
    return {
        "dossier": str(dossier.pk),
        "clearance": at,
        "results": [
            _move_json(row, dossier, shown, people[row.source.id], coarse=coarse) for row in facts
        ],
    }


def _move_json(
    row: StageMoveFact,
    dossier: Dossier,
    shown: set[Key],
    people: tuple[Any, Any],
    *,
    coarse: bool,
) -> dict[str, Any]:
    """A reader of months gets no day and no names; from level 3 on no evidence either."""
    linked = () if coarse and row.level >= COARSE_FROM else row.behind
    by_whom = {} if coarse else {"author": people[0], "confirmed_by": people[1]}
    return {
        "id": row.source.id,
        "before": row.before,
        "after": row.after,
        "reason": row.reason,
        "state": "proposed" if row.proposed else "withdrawn" if is_withdrawn(row) else "made",
        "moved_on": str(month_of(row.moved_on) if coarse else row.moved_on),
        **by_whom,
        "evidence": [
            {"gate": gate, "kind": kind, "id": pk, "href": href_of(kind, pk, dossier)}
            for gate, kind, pk in linked
            if (kind, pk) in shown
        ],
    }


def is_withdrawn(row: StageMoveFact) -> bool:
    """Whether it left because its evidence was withdrawn (or came back)."""
    return row.void != (row.reason == WITHDRAWN)


def _newest_first(rows: Iterable[StageMoveFact]) -> list[StageMoveFact]:
    return sorted(rows, key=lambda row: (row.moved_on, row.made_at), reverse=True)


def _is_author(viewer: Viewer, pk: UUID) -> bool:
    return StageMove.objects.filter(pk=pk, author=viewer.user).exists()


def _lines(
    viewer: Viewer,
    dossier: Dossier,
    ids: Sequence[str],
    facts: Sequence[StageMoveFact] = (),
) -> dict[str, MoveLine]:
    if not ids:
        return {}
    rows = StageMove.objects.filter(pk__in=ids, dossier=dossier).select_related(
        "author", "confirmed_by"
    )
    found: Any = list(rows.prefetch_related("evidence"))
    places = move_places(viewer, dossier, [one for row in found for one in row.evidence.all()])
    known = {row.source.id: row for row in facts}
    return {str(row.pk): _line(viewer, row, known.get(str(row.pk)), places) for row in found}


def _line(
    viewer: Viewer, row: Any, fact: StageMoveFact | None, places: Mapping[Any, Place]
) -> MoveLine:
    level = max(row.level, fact.level if fact else 1)
    coarse = row.context_id in coarse_contexts(viewer, StageMove.kind)
    keys = dict.fromkeys((one.kind, str(one.record)) for one in row.evidence.all())
    shown = [places[key] for key in keys if key in places]
    if coarse and level >= COARSE_FROM:
        shown = []
    return MoveLine(
        pk=row.pk,
        before=CODES["stages"].label(row.before),
        after=CODES["stages"].label(row.after),
        up=row.after > row.before,
        when=str(month_of(row.moved_on) if coarse else row.moved_on),
        reason=CODES["move_reasons"].label(row.reason),
        author=row.author.name if row.author and not coarse else "",
        confirmed=row.confirmed_by.name if row.confirmed_by and not coarse else "",
        by_rule=row.author_id is None and row.confirmed_by_id is None,
        assessed=row.assessment_id is not None,
        note="" if coarse else row.note,
        proposed=row.progress == PROPOSED,
        withdrawn=fact is not None and is_withdrawn(fact),
        places=shown[:MOST_PLACES],
        more=max(0, len(shown) - MOST_PLACES),
    )


def move_places(viewer: Viewer, dossier: Dossier, links: Iterable[Any]) -> dict[Any, Place]:
    """Each record behind moves that the viewer may open, as a link; the others are left out."""
    keys = {(one.kind, str(one.record)) for one in links}
    found = places_of(viewer, (key for key in keys if key[0] != "dossier"), dossier)
    parents = [UUID(pk) for kind, pk in keys if kind == "dossier"]
    rows = access.dossiers_visible_to(viewer).filter(pk__in=parents) if parents else ()
    found |= {
        ("dossier", str(row.pk)): Place(
            "The group it split from", reverse("dossier", args=[row.pk])
        )
        for row in rows
    }
    return {key: place for key, place in found.items() if place.href}


class _Links:
    """Where each condition can be supplied: the screen of one's own assessment, a form, a list."""

    def __init__(self, viewer: Viewer, dossier: Dossier) -> None:
        self._dossier = dossier
        self._assess = reverse("assess", args=[dossier.pk])
        mine = own_open(viewer, dossier)
        self._mine = mine.pk if mine else None
        self._states = {True: "met", False: "not met", None: "not known"}

    def condition(self, row: Mapping[str, Any]) -> Condition:
        href = self._href(str(row["code"]), str(row["kind"]))
        return Condition(row["text"], self._states[row["met"]], href)

    def _href(self, code: str, kind: str) -> str | None:
        if kind in ("meetings", "levels"):
            group = self._dossier.engagement.armed_group_id
            return f"{reverse('log_meeting')}?group={group}"
        if kind == "answer":
            return self._screen(GATES, f"{code}-met")
        if kind == "criterion":
            return self._screen(str(CRITERIA[code].extra["dimension"]), code)
        if kind == "value":
            return self._screen(code.removesuffix("_low").split("_or_")[0], "")
        if kind == "pattern":
            return f"{reverse('incidents')}?dossier={self._dossier.pk}"
        if kind == "verified":
            return f"{reverse('commitments')}?dossier={self._dossier.pk}"
        return None

    def _screen(self, screen: str, place: str) -> str:
        """The screen of an open assessment of one's own, else where one is begun."""
        if self._mine is None:
            return self._assess
        address = reverse("assessment_rate", args=[self._mine, screen])
        return f"{address}#{place}" if place else address
