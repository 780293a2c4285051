"""`/scorecards/` and `/success-factors/`: what is published of a dossier, and what it rests on.

A score stands at a clearance: the reader's own, or a lower one that is asked for. Lists and
histories read what is stored; only `as_of` and `/evidence/` are worked out on the spot.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import URLPattern, path
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Viewer, grants_for, within
from accounts.api.guarded import GuardedResource
from engagements.filters.nouns import SCORE_FILTERS
from engagements.models import Dossier
from engagements.selectors import scores
from engagements.serializers.scores import (
    SCORECARD_FIELDS,
    SUCCESS_FIELDS,
    Scorecard,
    SuccessFactors,
    evidence_schema,
    history_schema,
    list_schema,
    score_schema,
)
from records.problems import refusal
from records.rest.cursors import Place, read_cursor, write_cursor
from records.rest.doors import ListDoor, ResourceDoor
from records.rest.etags import etag, record_part
from records.rest.shapes import Shape, shape_of
from scorecards.models import Publication, Standing
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS

MOST_EVIDENCE = 1000
MOST_HISTORY = 200
HISTORY = 50
NO_DATE_HERE = "as_of is worked out for one dossier at a time: ask at its own address."


class Scores(GuardedResource):
    """One kind of score, one row per dossier. `clearance` None stands for the reader's own."""

    kind = "score"
    model = Dossier
    filters = SCORE_FILTERS
    orderings = {"opened_on": "opened_on", "updated_at": "updated_at"}
    ordering = "opened_on"
    score: ClassVar[str]
    clearance: int | None = None

    def at(self, clearance: int | None) -> Scores:
        """The same for one clearance."""
        found = copy.copy(self)
        found.clearance = clearance
        return found

    def scope(self, viewer: Viewer) -> QuerySet[Dossier]:
        rows = Dossier.objects.filter(within(viewer, "score"), within(viewer, "dossier"))
        if self.clearance is not None:
            grants = grants_for(viewer, "r", "score")
            enough = [one.context_id for one in grants if one.clearance >= self.clearance]
            rows = rows.filter(context__in=enough, level__lte=self.clearance)
        return rows.exclude(state="deleted").select_related(
            "engagement__ngo", "engagement__armed_group"
        )

    def present(
        self, rows: Sequence[Dossier], viewer: Viewer, shape: Shape
    ) -> list[dict[str, Any]]:
        standings = self._standings(rows, viewer)
        behind = [standing.dossier for standing in standings.values() if standing.is_behind]
        failed = scores.failed_of(behind) if behind else {}
        return [scores.standing_json(viewer, standings[row.pk], self.score, failed) for row in rows]

    def stamps(self, rows: Sequence[Dossier], viewer: Viewer) -> Iterable[object]:
        """Which result is published, and whether it is behind: all that the reader sees of it."""
        for standing in self._standings(rows, viewer).values():
            published = getattr(standing, f"{self.score}_id")
            structure = standing.dossier.engagement.armed_group.structure  # how far the card fits
            yield standing.clearance, published, standing.asked, standing.scored, structure

    def _standings(self, rows: Sequence[Dossier], viewer: Viewer) -> dict[UUID, Standing]:
        """The dossiers' standings at the clearance asked for, read once per answer."""
        first: Any = rows[0]
        if not hasattr(first, "shown_standings"):
            found = Standing.objects.filter(dossier__in=[row.pk for row in rows])
            found = found.filter(self._at(viewer)).select_related(f"{self.score}__weight_set")
            by_id = {row.pk: row for row in rows}
            first.shown_standings = {}
            for standing in found:
                standing.dossier = by_id[standing.dossier_id]
                first.shown_standings[standing.dossier_id] = standing
        standings: dict[UUID, Standing] = first.shown_standings
        return standings

    def _at(self, viewer: Viewer) -> Q:
        if self.clearance is not None:
            return Q(clearance=self.clearance)
        own = Q(pk__in=[])
        for grant in grants_for(viewer, "r", "score"):
            own |= Q(dossier__context=grant.context_id, clearance=grant.clearance)
        return own

    def changed_at(self, viewer: Viewer) -> Combinable:
        """The moment of the last publication that this viewer sees."""
        rows = Publication.objects.filter(dossier=OuterRef("pk"), kind=self.score)
        newest = rows.filter(self._at(viewer)).order_by("-published_at", "-pk")
        return Coalesce(Subquery(newest.values("published_at")[:1]), "created_at")

    def orders(self, viewer: Viewer) -> Mapping[str, str | Combinable]:
        return {"opened_on": "opened_on", "updated_at": self.changed_at(viewer)}


class Scorecards(Scores):
    name = "scorecards"
    title = "Scorecards"
    serializer = Scorecard
    score = SCORECARD
    fields = SCORECARD_FIELDS
    brief = ("dossier", "as_of", "state", "clearance", "index", "commitment")


class SuccessFactorScores(Scores):
    name = "success-factors"
    title = "Success factors"
    serializer = SuccessFactors
    score = SUCCESS_FACTORS
    fields = SUCCESS_FIELDS
    brief = ("dossier", "as_of", "state", "clearance", "score", "low", "high", "direction")


class ScoreDoor(ResourceDoor):
    """What the addresses of one dossier's score share."""

    resource: ClassVar[Scores]
    own_parameters: ClassVar[tuple[str, ...]] = ()

    def asked(self, *known: str) -> dict[str, str]:
        told = self.parameters("clearance", *known)
        self.clearance = read_clearance(told.pop("clearance", None))
        return told

    def dossier(self, id: str) -> Dossier:
        found: Dossier = self.found(id)
        self.clearance = scores.clearance_for(self.viewer, found, self.clearance)
        return found

    def page_at(self, told: dict[str, str], cursor: str | None) -> str | None:
        if cursor is None:
            return None
        asked = {**told, "clearance": str(self.clearance), "cursor": cursor}
        address: str = self.request.build_absolute_uri("?" + urlencode(asked))
        return address

    def tagged(self, shown: Iterable[object], told: Any, body: dict[str, Any]) -> Response:
        tag = etag(record_part(self.viewer.rights, shown), json.dumps(told, default=str))
        return self.unless_known(tag) or Response(body, headers={"ETag": tag})


class ScoreListDoor(ListDoor):
    """The latest of each dossier."""

    resource: ClassVar[Scores]

    def parameters(self, *known: str) -> dict[str, str]:
        told = super().parameters(*known)
        if "as_of" in told:
            raise refusal("as_of", NO_DATE_HERE, "bad_parameter")
        clearance = read_clearance(told.pop("clearance", None))
        if clearance is not None:
            own = [grant.clearance for grant in grants_for(self.viewer, "r", "score")]
            if clearance > max(own, default=0):
                raise refusal("clearance", scores.TOO_HIGH.format(max(own, default=0)))
            self.resource = self.resource.at(clearance)  # type: ignore[misc] # of this request
            self.told_clearance = {"clearance": str(clearance)}
        return told

    def tag(self, page: Any, told: dict[str, str]) -> str:
        return super().tag(page, told | getattr(self, "told_clearance", {}))

    def address(self, told: dict[str, str], cursor: str | None) -> str | None:
        return super().address(told | getattr(self, "told_clearance", {}), cursor)


class OneScoreDoor(ScoreDoor):
    """The score of one dossier, as published, or as of a day."""

    def get(self, request: Request, id: str) -> Response:
        told = self.asked("as_of", "fields", "omit", "brief")
        as_of = read_day(told.pop("as_of", None))
        shape = shape_of(told, fields=self.resource.fields, brief=self.resource.brief)
        dossier = self.dossier(id)
        made = scores.scorecard_json if self.resource.score == SCORECARD else _success
        body = made(self.viewer, dossier, self.clearance, as_of=as_of)
        shown = (dossier.pk, *(body.get(name) for name in _IDENTITY))
        return self.tagged(shown, [*shape.fields, as_of], shape.cut(body))


_success = scores.success_factors_json
_IDENTITY = (
    "as_of", "computed_at", "state", "clearance", "engine", "inputs_digest", "validity",
)  # fmt: skip


class HistoryDoor(ScoreDoor):
    """What was published of one dossier, newest first, in the same shape."""

    def get(self, request: Request, id: str) -> Response:
        told = self.asked("limit", "cursor", "count")
        limit = read_limit(told.get("limit"), HISTORY, MOST_HISTORY)
        dossier = self.dossier(id)
        kind = self.resource.score
        rows = scores.history_of(dossier, kind, self.clearance or 1)
        bound = f"history {kind} {dossier.pk} {self.clearance}"
        page, before, after = _walk(rows, told.get("cursor"), limit, bound)
        body: dict[str, Any] = {
            "results": [scores.history_json(self.viewer, dossier, kind, one) for one in page],
            "next": self.page_at(told, after),
            "previous": self.page_at(told, before),
        }
        if told.get("count") == "true":
            body["count"] = rows.count()
        shown = (dossier.pk, self.clearance, body.get("count"), *(one.pk for one in page))
        return self.tagged(shown, sorted(told.items()), body)


class EvidenceDoor(ScoreDoor):
    """The rows that a score rests on, unrounded: everything needed to work it out again."""

    def get(self, request: Request, id: str) -> Response:
        narrowing = ("criterion", "dimension", "state") if self._is_card else ("factor", "kind")
        told = self.asked("as_of", "entered_by", "limit", "cursor", *narrowing)
        limit = read_limit(told.get("limit"), MOST_EVIDENCE, MOST_EVIDENCE)
        as_of = read_day(told.get("as_of"))
        dossier = self.dossier(id)
        body = scores.evidence_json(
            self.viewer,
            dossier,
            self.resource.score,
            self.clearance,
            as_of=as_of,
            entered_by=read_moment(told.get("entered_by"), "entered_by"),
        )
        rows = [row for row in body["results"] if _fits(row, told, narrowing)]
        bound = f"evidence {dossier.pk} {self.clearance} {body['inputs_digest']} {body['as_of']}"
        first = _offset(told.get("cursor"), bound)
        after = _at_row(first + limit, bound) if first + limit < len(rows) else None
        before = _at_row(max(first - limit, 0), bound) if first else None
        body["results"] = rows[first : first + limit]
        body["next"] = self.page_at(told, after)
        body["previous"] = self.page_at(told, before)
        shown = (dossier.pk, json.dumps(body, default=str))
        return self.tagged(shown, sorted(told.items()), body)

    @property
    def _is_card(self) -> bool:
        return self.resource.score == SCORECARD


def _fits(row: Mapping[str, Any], told: Mapping[str, str], names: Iterable[str]) -> bool:
    return all(str(row.get(name)) in told[name].split(",") for name in names if name in told)


def _at_row(number: int, bound: str) -> str:
    return write_cursor(Place(number, UUID(int=0)), bound_to=bound)


def _offset(cursor: str | None, bound: str) -> int:
    return int(read_cursor(cursor, bound_to=bound).value) if cursor else 0


def _walk(
    rows: QuerySet[Publication], cursor: str | None, limit: int, bound: str
) -> tuple[list[Publication], str | None, str | None]:
    """A page of publications, newest first, and the places before and after it."""
    place = read_cursor(cursor, bound_to=bound) if cursor else None
    back = place is not None and place.backward
    if place is not None:
        way, row = ("gt" if back else "lt"), place.id.int
        same = Q(published_at=place.value, **{f"pk__{way}": row})
        rows = rows.filter(Q(**{f"published_at__{way}": place.value}) | same)
    found = list((rows.reverse() if back else rows)[: limit + 1])
    more, page = len(found) > limit, found[:limit]
    if back:
        page.reverse()
    has_before = bool(page) and (more if back else place is not None)
    has_after = bool(page) and (back or more)
    return (
        page,
        _at_publication(page[0], bound, backward=True) if has_before else None,
        _at_publication(page[-1], bound) if has_after else None,
    )


def _at_publication(one: Publication, bound: str, *, backward: bool = False) -> str:
    return write_cursor(Place(one.published_at, UUID(int=one.pk), backward), bound_to=bound)


def read_clearance(text: str | None) -> int | None:
    if text is None:
        return None
    if text not in ("1", "2", "3", "4"):
        raise refusal("clearance", "A clearance is 1, 2, 3 or 4.", "bad_parameter")
    return int(text)


def read_day(text: str | None, name: str = "as_of") -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refusal(name, "Write a day as 2024-05-17.", "bad_parameter") from None


def read_moment(text: str | None, name: str) -> datetime | None:
    """A moment with its time zone; a day alone stands for its end."""
    if text is None:
        return None
    try:
        if len(text) == len("2024-05-17"):
            return scores.end_of(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise refusal(name, "Write a moment as 2024-05-17T09:30:00Z, or a day.", "bad_parameter")
    return moment


def read_limit(text: str | None, default: int, most: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= most):
        raise refusal("limit", f"Write a whole number from 1 to {most}.", "bad_parameter")
    return int(text)


def score_routes(resource: Scores) -> list[URLPattern]:
    """List, one dossier, its history and its evidence."""
    described: tuple[tuple[str, type[ResourceDoor], Any], ...] = (
        ("", ScoreListDoor, list_schema),
        ("<str:id>/", OneScoreDoor, score_schema),
        ("<str:id>/history/", HistoryDoor, history_schema),
        ("<str:id>/evidence/", EvidenceDoor, evidence_schema),
    )
    found: list[URLPattern] = []
    for rest, door, schema in described:
        word = door.__name__.removesuffix("Door")
        view: Any = type(
            f"{type(resource).__name__}{word}",
            (door,),
            {"resource": resource, "http_method_names": ["get"], "get": schema(resource)(door)},
        )
        name = f"{resource.name}-{word.lower()}"
        found.append(path(f"{resource.name}/{rest}", view.as_view(), name=name))
    return found
