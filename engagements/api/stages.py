"""`/scorecards/{dossier}/stage/`: the moves on the ladder, and the confirmation of a rise."""

from __future__ import annotations

import json
from typing import Any

from django.urls import URLPattern, path
from rest_framework.request import Request
from rest_framework.response import Response

from engagements.api.scorecards import Scorecards, ScoreDoor
from engagements.selectors.stages import moves_json
from engagements.serializers.stages import confirm_schema, moves_schema
from engagements.services.stages import confirm_rise
from records.problems import refusal


class StageDoor(ScoreDoor):
    """Moves and proposals within the clearance, newest first."""

    resource = Scorecards()

    def get(self, request: Request, id: str) -> Response:
        told = self.asked()
        body = moves_json(self.viewer, self.dossier(id), self.clearance)
        return self.tagged([json.dumps(body, default=str)], sorted(told.items()), body)


class ConfirmDoor(ScoreDoor):
    """A second person lets a proposed rise to stage 4-6 count."""

    resource = Scorecards()

    def post(self, request: Request, id: str) -> Response:
        self.asked()
        dossier = self.dossier(id)
        body = self.body()
        note = body.pop("note", "")
        if body or not isinstance(note, str):
            raise refusal(next(iter(body), "note")[:60], "Send a note as text, and nothing else.")
        confirm_rise(self.viewer, dossier, note=note)
        return Response(moves_json(self.viewer, dossier, self.clearance))


def stage_routes() -> list[URLPattern]:
    doors: tuple[tuple[str, str, type[ScoreDoor], Any, str], ...] = (
        ("stage/", "get", StageDoor, moves_schema, "stage"),
        ("stage/confirm/", "post", ConfirmDoor, confirm_schema, "stage-confirm"),
    )
    found = []
    for rest, method, door, schema, word in doors:
        names = {"http_method_names": [method], method: schema(door)}
        view: Any = type(f"Scorecards{door.__name__}", (door,), names)
        found.append(path(f"scorecards/<str:id>/{rest}", view.as_view(), name=f"scorecards-{word}"))
    return found
