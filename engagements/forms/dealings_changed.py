"""Correct an engagement or a dossier: what they are about stays, days and status may change."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.access import Viewer, readers_of
from accounts.models import User
from engagements.details import CODES
from engagements.forms import choices
from engagements.forms.entry import Entry, PartialField, codes, level_field, pick
from engagements.models import Dossier, Engagement
from engagements.services.engagements import EngagementChange


class EngagementCorrection(Entry):
    correcting = "Correct the engagement"
    status = pick("How it stands", codes(CODES, "engagement_statuses"))
    started_on = PartialField("First dealings")
    lead = pick("Who leads it", (), required=False)
    level = level_field()

    def prepare(self) -> None:
        rows = readers_of(self.record.context_id, self.record.level, Engagement.kind)
        people = [user for user, _ in rows]
        named = self.record.lead
        if named is not None and named not in people:
            people.append(named)
        self.offer("lead", people, empty="nobody")

    @classmethod
    def said_of(cls, viewer: Viewer, record: Engagement) -> dict[str, Any]:
        names = ("status", "started_on", "level")
        return {name: getattr(record, name) for name in names} | {"lead": record.lead_id}

    def content(self) -> EngagementChange:
        lead: User | None = self.chosen("lead")
        return EngagementChange(
            status=self.cleaned_data["status"],
            started_on=self.cleaned_data["started_on"],
            lead=lead,
            level=self.wanted_level,
        )


class DossierCorrection(Entry):
    correcting = "Correct, close or reopen the dossier"
    opened_on = choices.day("Opened on")
    closed_on = choices.day(
        "Closed on", help_text="Meetings after this day do not feed it. Clear it to reopen."
    )
    level = level_field()

    @classmethod
    def said_of(cls, viewer: Viewer, record: Dossier) -> dict[str, Any]:
        return {name: getattr(record, name) for name in ("opened_on", "closed_on", "level")}

    def clean_opened_on(self) -> Any:
        if not self.cleaned_data["opened_on"]:
            raise forms.ValidationError("Say on which day it was opened.")
        return self.cleaned_data["opened_on"]

    def told(self) -> dict[str, Any]:
        days = {name: self.cleaned_data[name] for name in ("opened_on", "closed_on")}
        return days | {"level": self.wanted_level}
