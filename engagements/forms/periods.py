"""Which two periods the violations panel compares: whole quarters, as watching is recorded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from engagements.forms.entry import pick
from engagements.selectors.places import quarter_words
from records.dates import PartialDate
from scorecards.scoring.violations import Period, Periods, quarter_of

FEWEST = 12  # quarters offered where little is recorded
ENDS_FIRST = "This period ends before it begins."
OVERLAP = "The newer period begins before the older one has ended."


class PeriodsForm(forms.Form):
    """Four quarters: the ends of the older period and of the newer one."""

    use_required_attribute = False

    older_from = pick("Older period, from", ())
    older_to = pick("to", ())
    newer_from = pick("Newer period, from", ())
    newer_to = pick("to", ())

    def __init__(self, told: Any, *, first: date | None, today: date) -> None:
        quarters = _quarters(first, today)
        last = [text for text, _ in quarters]
        usual = {"older_from": last[7], "older_to": last[4], "newer_from": last[3]}
        super().__init__(told, initial=usual | {"newer_to": last[0]})
        for field in self.fields.values():
            field.choices = quarters  # type: ignore[attr-defined]

    def clean(self) -> None:
        told = self.cleaned_data
        if len(told) < len(self.fields):
            return
        for period in ("older", "newer"):
            if told[f"{period}_to"] < told[f"{period}_from"]:
                self.add_error(f"{period}_to", ENDS_FIRST)
        if not self.errors and told["newer_from"] <= told["older_to"]:
            self.add_error("newer_from", OVERLAP)

    def periods(self) -> Periods:
        told = self.cleaned_data
        return Periods(
            _period(told["older_from"], told["older_to"]),
            _period(told["newer_from"], told["newer_to"]),
        )


def _period(begin: str, end: str) -> Period:
    first, last = (PartialDate.parse(text, "season") for text in (begin, end))
    return Period(first.first, last.last)


def _quarters(first: date | None, today: date) -> list[tuple[str, str]]:
    """Every quarter from the first to today's, the newest on top."""
    found = [quarter_of(today)]
    while len(found) < FEWEST or (first is not None and found[-1] > first):
        found.append(quarter_of(found[-1] - timedelta(days=1)))
    return [(one.isoformat()[:7], quarter_words(one)) for one in found]
