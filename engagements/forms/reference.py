"""NGOs and armed groups: known in a context, or on the list of the whole organisation."""

from __future__ import annotations

import re

from django import forms

from accounts.access import grants_for
from actors.models.reference import CODES
from engagements.forms.entry import (
    Entry,
    PartialField,
    Told,
    codes,
    contexts_for,
    grade,
    level_field,
    pick,
    text,
    tick,
    words,
)

REFERENCE_LIST = "the reference list, for the whole organisation"


class ReferenceForm(Entry):
    """An NGO or an armed group: known in a context, or on the list of the whole organisation."""

    kind = ""
    renamed = {"names": "other_names", "types": "main_type"}
    name = words("Name", 200, required=True)
    other_names = text(
        "Other names", help_text="One a line: old names, acronyms, other spellings and scripts."
    )
    context = pick("Known in", (), required=False)
    level = level_field()

    def prepare(self) -> None:
        listed = REFERENCE_LIST if grants_for(self.viewer, "c", "reference") else None
        self.offer("context", contexts_for(self.viewer, self.kind), empty=listed)

    def told_of_all(self) -> Told:
        lines = (line.strip() for line in self.cleaned_data["other_names"].splitlines())
        own = self.cleaned_data["name"]
        told: Told = {
            "name": own,
            "names": [_name(line) for line in dict.fromkeys(lines) if line and line != own],
            "context": self.chosen("context"),
        }
        if self.wanted_level and told["context"] is not None:
            told["level"] = self.wanted_level
        return told


def _name(line: str) -> Told:
    bare = {"language": "", "source": "", "begun": None, "ended": None}
    return {"name": line[:200], "kind": "alias", **bare}


class NgoForm(ReferenceForm):
    title = "Add an NGO"
    kind = "ngo"
    acronym = words("Acronym", 30)
    main_type = pick("Main way of working", codes(CODES, "ngo_types"), widget=forms.RadioSelect)
    further_types = tick("Further ways", codes(CODES, "ngo_types"), required=False)

    field_order = ["pk", "name", "acronym", "main_type", "further_types", "other_names", "context"]

    def told(self) -> Told:
        main = self.cleaned_data["main_type"]
        further = [code for code in self.cleaned_data["further_types"] if code != main]
        types = [{"type": main, "primary": True}]
        return self.told_of_all() | {
            "acronym": self.cleaned_data["acronym"],
            "types": types + [{"type": code, "primary": False} for code in further],
        }


class GroupForm(ReferenceForm):
    title = "Add an armed group"
    kind = "armed_group"
    countries = words("Countries", help_text="Two-letter codes, for example XV XK.")
    structure = pick("Structure", codes(CODES, "group_structures"), initial="UNK")
    motive = tick("Motive", codes(CODES, "group_motives"), required=False)
    active_from = PartialField("Active from")
    active_from_grade = grade("Grade of that date", required=False)

    field_order = ["pk", "name", "other_names", "countries", "structure", "active_from"]

    def clean_countries(self) -> list[str]:
        found = [
            word.upper() for word in re.split(r"[\s,;]+", self.cleaned_data["countries"]) if word
        ]
        if any(not re.fullmatch("[A-Z]{2}", word) for word in found):
            raise forms.ValidationError("Write two-letter country codes, such as XV XK.")
        return found

    def told(self) -> Told:
        names = ("countries", "structure", "motive", "active_from", "active_from_grade")
        return self.told_of_all() | {name: self.cleaned_data[name] for name in names}
