"""People of an armed group, by code."""

from __future__ import annotations

from typing import Any

from accounts.access import Viewer
from actors.models import Counterpart
from actors.models.reference import CODES
from engagements.forms.entry import (
    Entry,
    PartialField,
    Told,
    codes,
    contexts_for,
    level_field,
    pick,
    words,
)


class CounterpartForm(Entry):
    title = "Add a counterpart"
    correcting = "Correct the counterpart"
    renamed = {"sensitivity": "level"}
    code = words("Code", 30, required=True, help_text="A pseudonym, never a name.")
    role = words("Role", 120, help_text="No names.")
    rank = pick("Level in the group", codes(CODES, "organisational_levels"), initial="UNK")
    active_from = PartialField("In this role from")
    active_to = PartialField("To")
    context = pick("Met in", ())
    level = level_field()

    def prepare(self) -> None:
        if self.record is None:
            self.offer("context", contexts_for(self.viewer, Counterpart.kind))
        else:
            del self.fields["context"]

    @classmethod
    def said_of(cls, viewer: Viewer, record: Counterpart) -> dict[str, Any]:
        return {name: getattr(record, name) for name in (*PLAIN, "rank", "level")}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        begun, ended = told.get("active_from"), told.get("active_to")
        if begun and ended and ended.last < begun.first:
            self.add_error("active_to", "The end lies before the beginning. Check both dates.")
        return told

    def told(self) -> Told:
        """As the service takes it: there `level` is the rank and `sensitivity` the level."""
        told = {name: self.cleaned_data[name] for name in PLAIN}
        told |= {"level": self.cleaned_data["rank"], "sensitivity": self.wanted_level}
        return told if self.record else told | {"context": self.chosen("context")}


PLAIN = ("code", "role", "active_from", "active_to")
