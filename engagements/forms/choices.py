"""Chips, ladders and lists as form fields, with sentences in place of the framework's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from engagements.forms.boxes import Line, OneTick, OpenList, SeveralTicks
from records.codes import CodeList

NOT_SHOWN = "Choose one of the answers shown."
Choices = list[tuple[str, Any]]


def choices_of(codes: CodeList, *, without: Iterable[Any] = ()) -> Choices:
    return [(str(entry.code), entry.label()) for entry in codes if entry.code not in without]


def _refusals() -> dict[str, str]:
    return {"invalid_choice": NOT_SHOWN, "invalid_list": NOT_SHOWN}


def one_of(label: str, choices: Choices, **more: Any) -> forms.ChoiceField:
    """One tap."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=OneTick,
        error_messages=_refusals(),
        **more,
    )


def pick(label: str, choices: Choices, empty: str = "", **more: Any) -> forms.ChoiceField:
    """One line of a list that opens; `empty` is the line for "left open"."""
    return forms.ChoiceField(
        label=label,
        choices=[("", empty), *choices],
        required=False,
        widget=OpenList,
        error_messages=_refusals(),
        **more,
    )


def several(label: str, choices: Choices, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=SeveralTicks,
        error_messages=_refusals(),
        **more,
    )


def line(label: str, most: int = 300, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=most, widget=Line, **_said(most, more)
    )


def text(label: str, most: int, rows: int = 2, **more: Any) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, required=False, max_length=most, widget=box, **_said(most, more)
    )


def _said(most: int, more: dict[str, Any]) -> dict[str, Any]:
    sentences = {
        "max_length": f"Keep this under {most} characters.",
        "null_characters_not_allowed": "This text holds a character that cannot be kept. "
        "Type it again.",
    }
    return {"error_messages": sentences, **more}


def day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Write the day as 2024-05-17."},
        **more,
    )


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
