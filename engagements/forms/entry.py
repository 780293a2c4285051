"""What the short forms of the register have in common: one form says what one service is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms

from accounts.access import Viewer, grants_for, visible_contexts
from accounts.models import Context
from engagements.services.meeting_rules import GRADES
from records.dates import NotADate, PartialDate
from records.models.records import LEVELS

MOST_CHOICES = 1_000
PARTIAL = "2024, 2024-05 or 2024-05-17: as much as is known"
UNKNOWN = "Choose one from the list."

Told = dict[str, Any]


class PartialField(forms.CharField):
    """A day, month or year as a PartialDate; None when left open."""

    def __init__(self, label: str, *, required: bool = False, **more: Any) -> None:
        super().__init__(label=label, required=required, help_text=PARTIAL, max_length=10, **more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return PartialDate.parse(text) if text else None
        except NotADate as wrong:
            raise forms.ValidationError(str(wrong)) from None


def pick(label: str, choices: Iterable[tuple[Any, Any]], **more: Any) -> forms.ChoiceField:
    """One line of a list; its error says what to do."""
    refused = {"invalid_choice": UNKNOWN, "required": UNKNOWN}
    return forms.ChoiceField(label=label, choices=list(choices), error_messages=refused, **more)


def tick(label: str, choices: Iterable[tuple[Any, Any]], **more: Any) -> forms.MultipleChoiceField:
    refused = {"invalid_choice": UNKNOWN, "required": "Choose at least one."}
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.CheckboxSelectMultiple,
        error_messages=refused,
        **more,
    )


def words(label: str, most: int = 300, *, required: bool = False, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most, **more)


def text(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=20_000, widget=forms.Textarea, **more
    )


def grade(label: str = "Grade", **more: Any) -> forms.ChoiceField:
    return pick(label, [("", "not graded"), *((code, code) for code in sorted(GRADES))], **more)


def level_field() -> forms.ChoiceField:
    shown = [("", "the usual one here"), *((str(code), f"{code}, {name}") for code, name in LEVELS)]
    return pick("Level", shown, required=False)


def codes(
    lists: Mapping[str, Any], name: str, *, empty: str | None = None
) -> list[tuple[str, str]]:
    found = [(str(code), label) for code, label in lists[name].choices()]
    return found if empty is None else [("", empty), *found]


class Entry(forms.Form):
    """A form for one new record. `pk` is made with the page: sending twice makes one record."""

    use_required_attribute = False
    title = ""
    pk = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Viewer, given: Mapping[str, str], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"pk": uuid4(), **given})
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.prepare()
        for field in self.fields.values():
            field.error_messages.setdefault("required", "This is needed.")

    def prepare(self) -> None:
        """Fill the choices with what this viewer may choose."""

    def offer(self, name: str, rows: Any, *, empty: str | None = None) -> None:
        """Let the field choose among these records, by name; `cleaned(name)` is the record."""
        self._offered: dict[str, dict[str, Any]] = getattr(self, "_offered", {})
        found = {str(row.pk): row for row in rows}
        self._offered[name] = found
        shown = [(pk, str(self.label_of(row))) for pk, row in found.items()]
        field: Any = self.fields[name]
        field.choices = shown if empty is None else [("", empty), *shown]

    def label_of(self, row: Any) -> str:
        return str(row.name)

    def chosen(self, name: str) -> Any:
        return self._offered[name].get(self.cleaned_data.get(name, ""))

    @property
    def wanted_level(self) -> int | None:
        return int(self.cleaned_data["level"]) if self.cleaned_data.get("level") else None


def contexts_for(viewer: Viewer, kind: str) -> list[Context]:
    mine = {grant.context_id for grant in grants_for(viewer, "c", kind)}
    rows = visible_contexts(viewer, Context.objects.all())
    return list(rows.filter(pk__in=mine).order_by("name"))


def as_uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
