"""The filter panels of the lists: their fields have the names of the filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from actors.models.reference import CODES as ACTOR_CODES
from engagements.details import CODES

ANY = ("", "any")


def _choices(name: str, codes: Any) -> list[tuple[str, str]]:
    return [ANY, *((str(code), label) for code, label in codes[name].choices())]


class Panel(forms.Form):
    """Narrowed by armed group, NGO and context, from what the viewer's engagements name."""

    without: ClassVar[tuple[str, ...]] = ()
    armed_group = forms.ChoiceField(label="Armed group", required=False)
    ngo = forms.ChoiceField(label="NGO", required=False)
    context = forms.ChoiceField(label="Context", required=False)
    begin = forms.CharField(label="From", required=False, help_text="2024, 2024-05 or 2024-05-17")
    end = forms.CharField(label="To", required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.without:
            del self.fields[name]
        for name in {"armed_group", "ngo", "context"} & set(self.fields):
            field: Any = self.fields[name]
            field.choices = [ANY, *choices[name]]
        if len(choices["context"]) < 2:
            del self.fields["context"]


class MeetingFilter(Panel):
    type = forms.ChoiceField(
        label="Type", required=False, choices=_choices("interaction_types", CODES)
    )
    topic = forms.ChoiceField(
        label="Topic",
        required=False,
        choices=[pair for pair in _choices("norms", CODES) if pair[0] != "GEN"],
    )
    outcome = forms.ChoiceField(
        label="How it ended", required=False, choices=_choices("outcomes", CODES)
    )
    highest_level = forms.ChoiceField(
        label="Highest level met",
        required=False,
        choices=_choices("organisational_levels", ACTOR_CODES),
    )
    channel = forms.ChoiceField(
        label="How you met", required=False, choices=_choices("channels", CODES)
    )
    held = forms.ChoiceField(
        label="Held", required=False, choices=[ANY, ("true", "held"), ("false", "not held")]
    )
    state = forms.ChoiceField(
        label="State", required=False, choices=_choices("record_states", CODES)
    )


class CommitmentFilter(Panel):
    norm = forms.ChoiceField(label="Topic", required=False, choices=_choices("norms", CODES))
    instrument = forms.ChoiceField(
        label="Instrument", required=False, choices=_choices("instruments", CODES)
    )
    status = forms.ChoiceField(
        label="Status", required=False, choices=_choices("commitment_statuses", CODES)
    )


class IncidentFilter(Panel):
    without = ("ngo",)  # an incident is of a group, not of an NGO's dealings with it
    category = forms.ChoiceField(
        label="Category", required=False, choices=_choices("violation_categories", CODES)
    )
    standard = forms.ChoiceField(
        label="Standard of proof", required=False, choices=_choices("incident_standards", CODES)
    )


class ObservationFilter(Panel):
    without = ("ngo",)
