"""How much one quarter was watched: the form for a new entry and for a corrected one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from actors.access import groups_visible_to
from engagements.forms.entry import (
    MOST_CHOICES,
    Entry,
    contexts_for,
    level_field,
    pick,
    words,
)
from engagements.models import Observation
from engagements.selectors.places import quarter_words
from engagements.services.observations import (
    MOST_EFFORT,
    ObservationContent,
    observation_content,
)
from records.dates import PartialDate
from records.models.records import CURRENT

QUARTERS_OFFERED = 60
NUMBER = {
    "invalid": "Write a number, such as 6 or 4.5.",
    "max_decimal_places": "Two digits after the point are enough.",
    "min_value": "Write 0 or more.",
    "max_value": f"Write a number up to {MOST_EFFORT}.",
    "max_digits": f"Write a number up to {MOST_EFFORT}.",
    "max_whole_digits": f"Write a number up to {MOST_EFFORT}.",
}


def effort_field() -> forms.DecimalField:
    return forms.DecimalField(
        label="Location-months watched",
        help_text="Places watched times months: two valleys for three months are 6. "
        "0 says that nobody watched.",
        min_value=Decimal(0),
        max_value=MOST_EFFORT,
        max_digits=7,
        decimal_places=2,
        error_messages=NUMBER,
    )


def quarters_up_to(today: date, besides: Iterable[date] = ()) -> list[tuple[str, str]]:
    """The quarters of the last fifteen years, the newest first, and those named besides."""
    newest = 4 * today.year + (today.month - 1) // 3
    numbers = range(newest, newest - QUARTERS_OFFERED, -1)
    firsts = {date(number // 4, 3 * (number % 4) + 1, 1) for number in numbers} | set(besides)
    return [(first.isoformat()[:7], quarter_words(first)) for first in sorted(firsts, reverse=True)]


class ObservationForm(Entry):
    title = "Record how much was watched"
    armed_group = pick("Armed group", ())
    context = pick("Context", ())
    quarter = pick("Quarter", ())
    location_months = effort_field()
    source = words("Who watched, and how", 4000, help_text="Sealed. Roles, no names.")
    level = level_field()

    def prepare(self) -> None:
        groups = groups_visible_to(self.viewer).filter(state=CURRENT, engagements__isnull=False)
        self.offer("armed_group", groups.distinct().order_by("name")[:MOST_CHOICES], empty="choose")
        self.offer("context", contexts_for(self.viewer, "observation"))
        field: Any = self.fields["quarter"]
        field.choices = quarters_up_to(timezone.localdate())

    def content(self) -> ObservationContent:
        told = self.cleaned_data
        return ObservationContent(
            context=self.chosen("context"),
            armed_group=self.chosen("armed_group"),
            quarter=PartialDate.parse(told["quarter"], "season"),
            location_months=told["location_months"],
            source=told["source"],
            level=self.wanted_level,
        )


class ObservationCorrection(forms.Form):
    """The same for a stored entry: its group and context stay."""

    use_required_attribute = False

    quarter = pick("Quarter", ())
    location_months = effort_field()
    source = words("Who watched, and how", 4000, help_text="Sealed. Roles, no names.")
    level = pick("Level", [(str(level), str(level)) for level in (1, 2, 3, 4)])
    reason = words("Why you correct it", 500)

    def __init__(self, *args: Any, of: Observation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        field: Any = self.fields["quarter"]
        field.choices = quarters_up_to(timezone.localdate(), [of.quarter])

    def content(self) -> ObservationContent:
        told = self.cleaned_data
        stored = observation_content(self.of)
        return ObservationContent(
            context=stored.context,
            armed_group=stored.armed_group,
            quarter=PartialDate.parse(told["quarter"], "season"),
            location_months=told["location_months"],
            source=told["source"],
            level=int(told["level"]),
        )


def said_of(row: Observation) -> Mapping[str, Any]:
    """What the form shows of a stored entry."""
    return {
        "quarter": row.quarter.isoformat()[:7],
        "location_months": row.location_months.normalize().to_eng_string(),
        "source": row.source,
        "level": str(row.level),
    }
