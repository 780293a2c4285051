"""A dated fact of a context, and years of service of an NGO."""

from __future__ import annotations

from typing import Any

from accounts.access import Viewer
from actors.access import groups_visible_to
from actors.models import ContextFact, NgoService
from actors.models.reference import CODES
from engagements.forms.entry import (
    MOST_CHOICES,
    Entry,
    PartialField,
    codes,
    contexts_for,
    grade,
    level_field,
    pick,
    words,
)
from engagements.services.dated import SPAN, FactContent, ServiceContent
from records.models.records import CURRENT


class FactForm(Entry):
    """A dated fact of a context. Its kind and value are one choice, or a kind and some words."""

    title = "Add a fact of the context"
    correcting = "Correct or end the fact"
    renamed = {"kind": "fact"}
    fact = pick("What holds", ())
    value = words("In words", 60, help_text="For a new leader or a split.")
    armed_group = pick("Of one group only", (), required=False)
    begun = PartialField("From", required=True)
    ended = PartialField("To")
    source = words("Source")
    grade = grade(required=False)
    level = level_field()

    def prepare(self) -> None:
        field: Any = self.fields["fact"]
        field.choices = [("", "choose"), *_fact_choices()]
        self.offer("armed_group", self._groups(), empty="all groups there")

    def _groups(self) -> list[Any]:
        """Those with dealings, the first thousand by name, and the one that is named already."""
        rows = groups_visible_to(self.viewer).filter(state=CURRENT, engagements__isnull=False)
        found = list(rows.distinct().order_by("name")[:MOST_CHOICES])
        named = self.record and self.record.armed_group
        return found if named is None or named in found else [named, *found]

    @classmethod
    def said_of(cls, viewer: Viewer, record: ContextFact) -> dict[str, Any]:
        listed = CODES["context_fact_kinds"][record.fact].extra["values_from"]
        return {
            "fact": f"{record.fact}:{record.value if listed else ''}",
            "value": "" if listed else record.value,
            "armed_group": record.armed_group_id,
            "level": record.level,
            **{name: getattr(record, name) for name in SPAN},
        }

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("fact", "").endswith(":") and not told.get("value"):
            self.add_error("value", "Say in a few words what changed.")
        return told

    def content(self) -> FactContent:
        kind, _, value = self.cleaned_data["fact"].partition(":")
        return FactContent(
            kind=kind,
            value=value or self.cleaned_data["value"],
            armed_group=self.chosen("armed_group"),
            level=self.wanted_level,
            **{name: self.cleaned_data[name] for name in SPAN},
        )


def _fact_choices() -> list[tuple[str, Any]]:
    """Grouped by kind; a kind without a list of values stands for itself."""
    shown: list[tuple[str, Any]] = []
    for kind in CODES["context_fact_kinds"]:
        values = kind.extra["values_from"]
        if values:
            pairs = [(f"{kind.code}:{code}", label) for code, label in codes(CODES, values)]
            shown.append((kind.label(), pairs))
        else:
            shown.append((f"{kind.code}:", kind.label()))
    return shown


class ServiceForm(Entry):
    """What an NGO did for people in a context: its record of useful work (factor NG3)."""

    title = "Add years of service"
    correcting = "Correct or end the service"
    renamed = {"kind": "service"}
    service = pick("What it did", codes(CODES, "ngo_service_kinds", empty="choose"))
    context = pick("Where", ())
    begun = PartialField("From", required=True)
    ended = PartialField("To")
    source = words("Source")
    grade = grade(required=False)
    level = level_field()

    def prepare(self) -> None:
        if self.record is None:
            self.offer("context", contexts_for(self.viewer, NgoService.kind))
        else:
            del self.fields["context"]

    @classmethod
    def said_of(cls, viewer: Viewer, record: NgoService) -> dict[str, Any]:
        span = {name: getattr(record, name) for name in SPAN}
        return span | {"service": record.service, "level": record.level}

    def content(self) -> ServiceContent:
        return ServiceContent(
            kind=self.cleaned_data["service"],
            level=self.wanted_level,
            **{name: self.cleaned_data[name] for name in SPAN},
        )
