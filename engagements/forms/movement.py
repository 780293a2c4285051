"""The two days between which a move is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

WRITE_A_DAY = "Write a day as 2024-05-17."
BY_THE_MONTH = "The last day of a month."


class PeriodForm(forms.Form):
    """Both may be left open: then a month back, and today."""

    since = forms.DateField(
        label="Since",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": WRITE_A_DAY},
    )
    until = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": WRITE_A_DAY},
    )

    def __init__(self, *args: Any, by_month: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_month = by_month
        if by_month:
            self.fields["since"].help_text = BY_THE_MONTH

    def refuse(self, wrong: ValidationError) -> None:
        """Set the sentences beside the fields that they are about."""
        for field, sentences in wrong.message_dict.items():
            self.add_error(field, sentences)
