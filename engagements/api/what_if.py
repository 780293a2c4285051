"""What-if and sensitivity of one dossier's scores: worked out on the spot, stored nowhere.

Nothing is written, so a token that may only read is enough, also for the POST.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import URLPattern, path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from engagements.api.scorecards import ScoreDoor, Scores, read_day
from engagements.models import Dossier
from engagements.selectors.sensitivity import sensitivity_json
from engagements.selectors.what_if import what_if_json
from engagements.serializers.sensitivity import sensitivity_schema
from engagements.serializers.what_if import WhatIfInput, what_if_schema
from engagements.services.content import ItemContent, MeetingContent, ReadingContent
from engagements.services.supposed import suppose
from records.dates import PartialDate
from scorecards.scoring.what_if import SupposedMeeting


class WhatIfDoor(ScoreDoor):
    """The success factors with factors moved by hand, or with a meeting supposed."""

    def post(self, request: Request, id: str) -> Response:
        as_of = read_day(self.asked("as_of").get("as_of"))
        dossier = self.dossier(id)
        asked = WhatIfInput(data=self.body(), context={"viewer": self.viewer})
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        meeting = _supposed(dossier, told.get("interaction"), as_of or timezone.localdate())
        means = told.get("factors") or {}
        return Response(
            what_if_json(self.viewer, dossier, means, meeting, self.clearance, as_of=as_of)
        )


class SensitivityDoor(ScoreDoor):
    """A score with each judgement of the method turned once."""

    def get(self, request: Request, id: str) -> Response:
        told = self.asked("as_of")
        as_of = read_day(told.get("as_of"))
        dossier = self.dossier(id)
        body = sensitivity_json(
            self.viewer, dossier, self.resource.score, self.clearance, as_of=as_of
        )
        shown = (dossier.pk, *(body[name] for name in ("as_of", "clearance", "inputs_digest")))
        return self.tagged((*shown, body["method"]["id"], body["engine"]), as_of, body)


def _supposed(
    dossier: Dossier, told: Mapping[str, Any] | None, as_of: date
) -> SupposedMeeting | None:
    if told is None:
        return None
    try:
        return suppose(_content(dossier, told, as_of), as_of=as_of)
    except ValidationError as wrong:
        faults = {f"interaction.{name}": said for name, said in wrong.message_dict.items()}
        raise ValidationError(faults) from None


def _content(dossier: Dossier, told: Mapping[str, Any], as_of: date) -> MeetingContent:
    """The meeting as the rules of logging judge it."""
    plain = ("held", "type", "outcome", "grade", "level")
    return MeetingContent(
        engagement=dossier.engagement,
        held_on=told.get("held_on") or PartialDate(as_of),
        highest_level=told["highest_level"] or "",
        levels=tuple(told["levels"]),
        topics=tuple(told["topics"]),
        readings=tuple(ReadingContent(**row) for row in told["readings"]),
        practical_items=tuple(ItemContent(**row) for row in told["practical_items"]),
        **{name: told[name] for name in plain},
    )


def sensitivity_routes(resource: Scores) -> list[URLPattern]:
    schema = sensitivity_schema(resource)
    view: Any = type(
        f"{type(resource).__name__}Sensitivity",
        (SensitivityDoor,),
        {
            "resource": resource,
            "http_method_names": ["get"],
            "get": schema(SensitivityDoor),
        },
    )
    name = f"{resource.name}-sensitivity"
    return [path(f"{resource.name}/<str:id>/sensitivity/", view.as_view(), name=name)]


def what_if_routes(resource: Scores) -> list[URLPattern]:
    view: Any = type(
        "SuccessFactorScoresWhatIf",
        (WhatIfDoor,),
        {
            "resource": resource,
            "http_method_names": ["post"],
            "post": what_if_schema(WhatIfDoor),
        },
    )
    name = f"{resource.name}-what-if"
    return [path(f"{resource.name}/<str:id>/what-if/", view.as_view(), name=name)]
