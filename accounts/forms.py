"""Forms of the account pages."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.access import Viewer
from accounts.models import Context
from accounts.selectors import contexts_of
from accounts.services.tokens import LONGEST_DAYS


class TokenForm(forms.Form):
    """What a new token is for, how long it lives and how far it reaches."""

    name = forms.CharField(max_length=80, help_text="What uses it, for example “monthly report”.")
    days = forms.IntegerField(
        label="Days until it ends",
        initial=LONGEST_DAYS,
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text=f"At most {LONGEST_DAYS}.",
    )
    contexts = forms.ModelMultipleChoiceField(
        Context.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all of yours.",
    )
    can_write = forms.BooleanField(required=False, label="It may add and change records")
    networks = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Addresses it may call from, one per line, such as 192.0.2.0/24.",
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["contexts"]
        choice.queryset = contexts_of(viewer)
        choice.label_from_instance = lambda context: context.name
