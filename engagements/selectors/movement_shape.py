"""A move in the shape of the REST contract: parts unrounded, so that others can check them."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from accounts.access import Viewer
from engagements.models import Dossier
from engagements.selectors.movement import Period, Split, split_of
from engagements.selectors.movement_lines import Reading, Told
from engagements.selectors.movement_records import key_of, newest_first
from engagements.selectors.score_evidence import linked_source, sources_shown
from engagements.selectors.scores import dossier_json, method_json, moment
from scorecards.scoring.digests import inputs_digest
from scorecards.scoring.facts import Source
from scorecards.scoring.method import ENGINE
from scorecards.scoring.movement import FactorMove, NewFact

Row = dict[str, Any]


def movement_json(
    viewer: Viewer,
    dossier: Dossier,
    since: date,
    until: date | None = None,
    clearance: int | None = None,
) -> Row:
    """The split between two days at a clearance; see `split_of` for what it refuses."""
    return _Shape(split_of(viewer, dossier, Period(since, until), clearance)).whole()


class _Shape:
    def __init__(self, split: Split) -> None:
        self.split, self.reading = split, Reading(split)
        self.told = self.reading.told()
        keys = {key_of(source) for source in self._sources()}
        self.shown = sources_shown(split.viewer, sorted(keys))

    def _sources(self) -> list[Source]:
        """Every record that the answer may link to."""
        of_lines = [told.line.source for told in self.told if told.line.source]
        of_factors = [
            source
            for move in self.split.moved.factors
            for source in (*(one.source for one in move.new), *move.arrived, *move.left)
        ]
        found = {*of_lines, *of_factors}
        return [one for one in found if not self.reading.is_apart(one)]

    def whole(self) -> Row:
        split, moved = self.split, self.split.moved
        return {
            "dossier": dossier_json(split.dossier),
            "clearance": split.clearance,
            "since": split.period.since.isoformat(),
            "until": split.period.last.isoformat(),
            "from": self._start(),
            "to": self._end(),
            **moved.parts,
            "remainder": moved.remainder,
            "note": split.note or None,
            "lines": [self._line(told) for told in self.told],
            "factors": [self._factor(move) for move in moved.factors],
        }

    def _start(self) -> Row:
        start, published = self.split.moved.start, self.split.published
        return {
            "as_of": start.as_of.isoformat(),
            "score": start.score,
            "uncapped": start.uncapped,
            "blocked": start.blocked,
            "published_at": published and moment(published.published_at),
            "entered_by": moment(self.split.entered_by),
            "method": method_json(self.split.sets[0]),
            "engine": published.snapshot.engine if published else ENGINE,
            "inputs_digest": published.snapshot.inputs_digest
            if published
            else inputs_digest(self.split.known_then).conduciveness,
        }

    def _end(self) -> Row:
        end = self.split.moved.end
        return {
            "as_of": end.as_of.isoformat(),
            "score": end.score,
            "uncapped": end.uncapped,
            "blocked": end.blocked,
            "published_at": None,
            "entered_by": moment(self.split.known_until),
            "method": method_json(self.split.sets[1]),
            "engine": ENGINE,
            "inputs_digest": inputs_digest(self.split.known_now).conduciveness,
        }

    def _line(self, told: Told) -> Row:
        line = told.line
        return {
            "text": told.text,
            "part": line.part,
            "factor": line.factor,
            "points": line.points,
            "grade": line.grade,
            "source": line.source and self._link(line.source),
        }

    def _link(self, source: Source) -> Row | None:
        plain = {"kind": source.kind, "id": source.id}
        return linked_source(plain, self.shown, self.split.dossier)

    def _links(self, sources: tuple[Source, ...]) -> list[Row]:
        ordered = newest_first(sources, self.reading.known)
        return [link for link in map(self._link, ordered) if link]

    def _factor(self, move: FactorMove) -> Row:
        return {
            "factor": move.factor,
            "bundle": move.bundle,
            "kind": move.kind,
            "corrections": move.corrections,
            "ageing": move.ageing,
            "new_facts": move.new_facts,
            "method": move.method,
            "facts": self._facts(move),
            "records": self._links(move.arrived),
            "left": self._links(move.left),
        }

    def _facts(self, move: FactorMove) -> list[Row]:
        """New readings one by one; those that the reader may not follow singly as one row."""
        apart = [one for one in move.new if self.reading.is_apart(one.source)]
        rows = [self._fact(one) for one in move.new if one not in apart]
        return [*rows, _grouped(apart)] if apart else rows

    def _fact(self, one: NewFact) -> Row:
        return {
            "points": one.points,
            "u": one.u,
            "w": one.w,
            "mean_aged": one.mean,
            "total_weight": one.total,
            "grade": one.grade,
            "observed_on": one.observed_on,
            "source": self._link(one.source),
        }


def _grouped(facts: list[NewFact]) -> Row:
    weight = math.fsum(one.w for one in facts)
    said = math.fsum(one.w * one.u for one in facts)
    return {
        "grouped": True,
        "evidence_count": len(facts),
        "points": math.fsum(one.points for one in facts),
        "weight_sum": weight,
        "mean": said / weight if weight else None,
        "mean_aged": facts[0].mean,
        "total_weight": facts[0].total,
    }
