"""`/success-factors/{dossier}/movement/`: why the score moved between two days."""

from __future__ import annotations

import json

from django.urls import URLPattern, path
from rest_framework.request import Request
from rest_framework.response import Response

from engagements.api.scorecards import ScoreDoor, SuccessFactorScores, read_day
from engagements.selectors.movement_shape import movement_json
from engagements.serializers.movement import movement_schema
from records.problems import refusal

SAY_SINCE = "Say since which day, as since=2024-05-17."


class MovementDoor(ScoreDoor):
    """The split of a move into its parts, worked out on the spot."""

    resource = SuccessFactorScores()
    http_method_names = ["get"]

    @movement_schema
    def get(self, request: Request, id: str) -> Response:
        told = self.asked("since", "until")
        since, until = (read_day(told.get(name), name) for name in ("since", "until"))
        if since is None:
            raise refusal("since", SAY_SINCE, "bad_parameter")
        dossier = self.dossier(id)
        body = movement_json(self.viewer, dossier, since, until, self.clearance)
        return self.tagged((dossier.pk, json.dumps(body)), sorted(told.items()), body)


def movement_routes() -> list[URLPattern]:
    name = MovementDoor.resource.name
    return [path(f"{name}/<str:id>/movement/", MovementDoor.as_view(), name=f"{name}-movement")]
