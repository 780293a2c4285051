"""A dated fact of a context."""

from __future__ import annotations

from typing import Any

from actors.access import groups_visible_to
from actors.models.reference import CODES
from engagements.forms.entry import (
    MOST_CHOICES,
    Entry,
    PartialField,
    Told,
    codes,
    grade,
    level_field,
    pick,
    words,
)
from records.models.records import CURRENT


class FactForm(Entry):
    """A dated fact of a context. Its kind and value are one choice, or a kind and some words."""

    title = "Add a fact of the context"
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

    def _groups(self) -> Any:
        rows = groups_visible_to(self.viewer).filter(state=CURRENT)
        return rows.filter(engagements__isnull=False).distinct().order_by("name")[:MOST_CHOICES]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("fact", "").endswith(":") and not told.get("value"):
            self.add_error("value", "Say in a few words what changed.")
        return told

    def told(self) -> Told:
        kind, _, value = self.cleaned_data["fact"].partition(":")
        told = {name: self.cleaned_data[name] for name in ("begun", "ended", "source", "grade")}
        told |= {"kind": kind, "value": value or self.cleaned_data["value"]}
        told["armed_group"] = self.chosen("armed_group")
        return told | ({"level": self.wanted_level} if self.wanted_level else {})


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
