"""What an armed group is reported to have done."""

from __future__ import annotations

from django import forms

from actors.access import groups_visible_to
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
    words,
)
from engagements.services.content import Place
from engagements.services.incidents import IncidentContent
from records.models.records import CURRENT


class IncidentForm(Entry):
    title = "Record an incident"
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
    victims = forms.IntegerField(label="Number of victims", required=False, min_value=0)
    country = words("Country", 2, help_text="Two letters.")
    admin1 = words("Province or region", 100)
    detail = words(
        "Nearer place", help_text="Sealed. Leave open what a careful delegate would not write."
    )
    description = text("What is reported", help_text="Sealed. No names.")
    source = words("Source", help_text="Sealed.")
    grade = grade(required=False)
    level = level_field()

    def prepare(self) -> None:
        groups = groups_visible_to(self.viewer).filter(state=CURRENT, engagements__isnull=False)
        self.offer("armed_group", groups.distinct().order_by("name")[:MOST_CHOICES], empty="choose")
        self.offer("context", contexts_for(self.viewer, "incident"))

    def content(self) -> IncidentContent:
        told = self.cleaned_data
        plain = (
            "category", "occurred_on", "standard", "attribution", "response", "child_victim",
            "victims", "grade", "description", "source",
        )  # fmt: skip
        return IncidentContent(
            context=self.chosen("context"),
            armed_group=self.chosen("armed_group"),
            place=Place(
                country=told["country"].upper(), admin1=told["admin1"], detail=told["detail"]
            ),
            level=self.wanted_level,
            **{name: told[name] for name in plain},
        )
