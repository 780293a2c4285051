"""Say that meetings cannot be made safe, and lift what holds a score down."""

from __future__ import annotations

from typing import Any

from engagements.forms import choices
from engagements.forms.entry import Entry, level_field, text


class RaiseForm(Entry):
    title = "Meetings cannot be made safe"
    raised_on = choices.day("Since", help_text="Today, if left open.")
    note = text("Why", help_text="Sealed. No names, no precise places.")
    level = level_field()

    def told(self) -> dict[str, Any]:
        days = {"raised_on": self.cleaned_data["raised_on"]}
        return days | {"note": self.cleaned_data["note"], "level": self.wanted_level}


class LiftForm(Entry):
    title = "Lift the blocker"
    lifted_on = choices.day("From when", help_text="Today, if left open.")
    note = text("Why it no longer holds the score down", help_text="Sealed. No names.")

    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("lifted_on", "note")}
