"""What an armed group is reported to have done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from accounts.access import Viewer
from actors.access import groups_visible_to
from engagements.access import commitments_visible_to
from engagements.details import CODES
from engagements.forms.entry import (
    MOST_CHOICES,
    Entry,
    PartialField,
    codes,
    contexts_for,
    grade,
    level_field,
    pick,
    text,
    tick,
    words,
)
from engagements.models import Incident
from engagements.services.content import Place
from engagements.services.hidden import with_hidden_commitments
from engagements.services.incidents import IncidentContent, incident_content
from records.models.records import CURRENT


class IncidentForm(Entry):
    title = "Record an incident"
    correcting = "Correct the incident"
    renamed = {"place": "admin1"}
    armed_group = pick("Armed group", ())
    context = pick("Context", ())
    category = pick("What happened", codes(CODES, "violation_categories", empty="choose"))
    occurred_on = PartialField("When", required=True)
    standard = pick(
        "How well it is proven",
        codes(CODES, "incident_standards"),
        widget=forms.RadioSelect,
        initial="alleged",
    )
    attribution = pick("Whose act", codes(CODES, "attributions"), initial="unknown")
    response = pick("What the group did about it", codes(CODES, "group_responses"), initial="none")
    child_victim = forms.BooleanField(label="Children are among the victims", required=False)
    # A box for text: a browser's box for numbers sends nothing in place of what is no number.
    victims = forms.IntegerField(
        label="Number of victims",
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Write a number, or leave it open."},
    )
    country = words("Country", 2, help_text="Two letters.")
    admin1 = words("Province or region", 100)
    detail = words(
        "Nearer place", help_text="Sealed. Leave open what a careful delegate would not write."
    )
    description = text("What is reported", help_text="Sealed. No names.")
    source = words("Source", help_text="Sealed.")
    grade = grade(required=False)
    commitments = tick("Against these commitments", (), required=False)
    level = level_field()

    def prepare(self) -> None:
        groups = groups_visible_to(self.viewer).filter(state=CURRENT, engagements__isnull=False)
        found = list(groups.distinct().order_by("name")[:MOST_CHOICES])
        if self.record is None:
            del self.fields["commitments"]
            self.offer("context", contexts_for(self.viewer, "incident"))
        else:
            del self.fields["context"]
            self._offer_commitments()
            found = [self.record.armed_group, *(one for one in found if one != self._group)]
        self.offer("armed_group", found, empty="choose")

    @property
    def _group(self) -> Any:
        return self.record.armed_group

    def _offer_commitments(self) -> None:
        """Those of the group in this context, and those that are named already."""
        known = commitments_visible_to(self.viewer).filter(context=self.record.context_id)
        of_group = known.filter(dossiers__engagement__armed_group=self._group, state=CURRENT)
        rows = (of_group | known.filter(incidents=self.record)).distinct()
        self.offer("commitments", rows.order_by("title")[:MOST_CHOICES])
        if not self._offered["commitments"]:
            del self.fields["commitments"]

    def label_of(self, row: Any) -> str:
        return str(getattr(row, "title", None) or row.name)

    @classmethod
    def said_of(cls, viewer: Viewer, record: Incident) -> dict[str, Any]:
        content = incident_content(record)
        linked = commitments_visible_to(viewer).filter(incidents=record)
        return {
            **{name: getattr(content, name) for name in PLAIN},
            "armed_group": record.armed_group_id,
            "country": content.place.country,
            "admin1": content.place.admin1,
            "detail": content.place.detail,
            "commitments": list(linked.values_list("pk", flat=True)),
            "level": content.level,
        }

    def _told(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            **{name: told[name] for name in PLAIN},
            "armed_group": self.chosen("armed_group"),
            "place": Place(
                country=told["country"].upper(), admin1=told["admin1"], detail=told["detail"]
            ),
            "level": self.wanted_level,
        }

    def content(self) -> IncidentContent:
        return IncidentContent(context=self.chosen("context"), **self._told())

    def corrected(self) -> IncidentContent:
        """The stored incident with what the form says; what its writer cannot see stays."""
        stored, told = incident_content(self.record), self._told()
        if "commitments" in self.fields:
            told["commitments"] = self.all_chosen("commitments")
            return with_hidden_commitments(self.viewer, stored, replace(stored, **told))
        return replace(stored, **told)


PLAIN = (
    "category", "occurred_on", "standard", "attribution", "response", "child_victim",
    "victims", "grade", "description", "source",
)  # fmt: skip
