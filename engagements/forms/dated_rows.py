"""Rows inside NGOs and armed groups: names, lineage, listings, ids in outside registers."""

from __future__ import annotations

from typing import Any

from actors.models.reference import CODES
from engagements.forms import choices
from engagements.forms.entry import PartialField, grade
from engagements.forms.rows import Row

Told = dict[str, Any]


def listed(label: str, name: str, empty: str = "choose") -> Any:
    return choices.pick(label, choices.choices_of(CODES[name]), empty)


class DatedRow(Row):
    """A row that held from one partial date to another, either of them perhaps unknown."""

    def clean(self) -> None:
        begun, ended = self.cleaned_data.get("begun"), self.cleaned_data.get("ended")
        if begun and ended and ended.last < begun.first:
            self.add_error("ended", "The end lies before the beginning. Check both dates.")

    def content(self) -> Told:
        return dict(self.cleaned_data)


class NameRow(DatedRow):
    tells = ("name",)
    name = choices.line("Name", 200)
    kind = listed("Kind of name", "name_kinds", "also known as")
    language = choices.line("Language or script", 12)
    begun = PartialField("From")
    ended = PartialField("To")
    source = choices.line("Source", 300)

    def content(self) -> Told:
        return {**self.cleaned_data, "kind": self.cleaned_data["kind"] or "alias"}


class LineageRow(DatedRow):
    """`groups` are those that the writer may see, by id."""

    tells = ("relation", "group")
    relation = listed("This group is", "lineage_relations")
    begun = PartialField("From")
    ended = PartialField("To")
    source = choices.line("Source", 300)

    def __init__(self, *args: Any, groups: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        named = [(pk, group.name) for pk, group in groups.items()]
        self.fields["group"] = choices.pick("Which group", named, "choose")
        self.order_fields(["relation", "group"])

    def clean(self) -> None:
        super().clean()
        self.need("relation", "Say how the two belong together.")
        self.need("group", "Choose the other group.")

    def content(self) -> Told:
        return {**self.cleaned_data, "group": self.groups[self.cleaned_data["group"]]}


class ListingRow(DatedRow):
    tells = ("list",)
    list = listed("List or law", "listing_lists")
    begun = PartialField("From")
    ended = PartialField("To")
    source = choices.line("Source", 300)
    grade = grade(required=False)


class OutsideIdRow(Row):
    tells = ("value", "scheme")
    scheme = listed("Register", "external_id_schemes")
    value = choices.line("Its id there", 200)
    release = choices.line("Release", 40)
    checked_on = choices.day("Checked on")

    def clean(self) -> None:
        self.need("scheme", "Choose the register.")
        self.need("value", "Write the id that it has there.")

    def content(self) -> Told:
        return dict(self.cleaned_data)
