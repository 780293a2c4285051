"""The what-if page's form: a slider for each factor with weight, and a meeting to suppose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actors.models.reference import CODES as ACTOR_CODES
from engagements.details import CODES
from engagements.forms.choices import choices_of, day, pick, several
from engagements.models import Dossier
from engagements.services.content import ItemContent, MeetingContent, ReadingContent
from engagements.services.meeting_rules import FACTORS, JUDGED
from engagements.services.supposed import suppose
from records.dates import PartialDate
from scorecards.scoring.what_if import SupposedMeeting

LEVELS = ACTOR_CODES["organisational_levels"]
HINDERS_TO_HELPS = ("Hinders strongly", "Hinders", "Neither", "Helps", "Helps strongly")
NO_ANSWER = "no answer yet"
NO_MEETING, NOT_HELD = "no meeting", "It does not take place"
NEEDED = "Say what kind of meeting it would be."
NOT_A_MEAN = "Choose a value from 0 to 1."
MOST_ITEMS = 10
ITEM_STATES = {
    "delivered": "Practical items delivered",
    "agreed": "Practical items agreed, not yet delivered",
    "failed": "Practical items failed",
}


class Slider(forms.NumberInput):
    """A range from 0 to 1 by hundredths; the browser marks where the factor stands now."""

    input_type = "range"

    def __init__(self, code: str, words: Iterable[str], said: str) -> None:
        super().__init__(
            {
                "min": "0",
                "max": "1",
                "step": "0.01",
                "list": f"now-{code}",
                "data-words": "|".join(words),
                "aria-valuetext": said,
            }
        )


@dataclass(frozen=True)
class SliderLine:
    """One factor: its box, where it stands now, and where the slider stands.

    `unknown`: nothing is recorded, so the factor stands in the middle, which says nothing of it.
    """

    code: str
    field: forms.BoundField
    was: str
    value: str
    words: str
    unknown: bool


class WhatIfForm(forms.Form):
    """Answers in; once valid, `means` (factor -> mean) and `meeting` out.

    `present`: factor -> its mean now, 0..1; `unknown`: those of which nothing is recorded. A
    slider counts once it is moved from where it stood when the page was drawn (`was`): what
    another logs meanwhile is no supposition of this reader.
    """

    use_required_attribute = False

    type = pick("What kind of meeting", choices_of(CODES["interaction_types"]), NO_MEETING)
    not_held = forms.BooleanField(label=NOT_HELD, required=False)
    held_on = day("On which day")
    highest_level = pick("Highest level met", choices_of(LEVELS), "choose")
    levels = several("Others present", choices_of(LEVELS, without=["UNK"]))
    outcome = pick("How it ends", choices_of(CODES["outcomes"])[::-1], "choose")
    grade_source = pick(
        "How far the source can be relied on", choices_of(ACTOR_CODES["grade_sources"]), "choose"
    )
    grade_content = pick(
        "How far the content can be believed", choices_of(ACTOR_CODES["grade_contents"]), "choose"
    )

    def __init__(
        self,
        data: Any = None,
        *,
        dossier: Dossier,
        present: Mapping[str, float],
        unknown: Collection[str],
        today: date,
        may_suppose: bool,
    ) -> None:
        start = {"held_on": today, "grade_source": "B", "grade_content": "2"}
        super().__init__(data, initial=start)
        self.dossier, self.present, self.today = dossier, present, today
        self.unknown = unknown
        self.means: dict[str, float] = {}
        self.meeting: SupposedMeeting | None = None
        self.fields |= dict(self._sliders())
        self.may_suppose = may_suppose
        if may_suppose:
            self.fields |= _items_and_readings()
        else:
            for name in _OF_THE_MEETING:
                del self.fields[name]

    def _sliders(self) -> Iterator[tuple[str, forms.Field]]:
        for code, mean in self.present.items():
            shown = self.data.get(f"mean-{code}", _two(mean)) if self.is_bound else _two(mean)
            slider = Slider(code, _words_of(code), self._words(code, _number(shown, mean)))
            yield (
                f"mean-{code}",
                forms.FloatField(
                    label=FACTORS[code].label(),
                    min_value=0,
                    max_value=1,
                    required=False,
                    initial=_two(mean),
                    widget=slider,
                    error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), NOT_A_MEAN),
                ),
            )

    def clean(self) -> None:
        said = self.cleaned_data
        for code, mean in self.present.items():
            value = said.get(f"mean-{code}")
            if value is not None and f"{value:.2f}" != self._stood_at(code, mean):
                self.means[code] = value
        if self.may_suppose:
            self._suppose(said)

    def _stood_at(self, code: str, mean: float) -> str:
        return str(self.data.get(f"was-{code}") or _two(mean))

    def _suppose(self, said: Mapping[str, Any]) -> None:
        if not said.get("type"):
            if any(said.get(name) for name in ("highest_level", "outcome", "levels", "not_held")):
                self.add_error("type", NEEDED)
            return
        if self.errors:
            return
        try:
            self.meeting = suppose(self._content(said), as_of=self.today)
        except ValidationError as refusal:
            for name, sentences in refusal.message_dict.items():
                asked = _ASKED_AS.get(name, name)
                self.add_error(asked if asked in self.fields else None, sentences)

    def _content(self, said: Mapping[str, Any]) -> MeetingContent:
        norm = self.dossier.norm
        return MeetingContent(
            engagement=self.dossier.engagement,
            held_on=PartialDate(said.get("held_on") or self.today),
            type=said["type"],
            held=not (said["not_held"] or said["type"] == "cancel"),
            highest_level=said["highest_level"],
            levels=tuple(said["levels"]),
            topics=() if norm == "GEN" else (norm,),
            outcome=int(said["outcome"]) if said["outcome"] else None,
            readings=tuple(
                ReadingContent(factor=code, rating=int(said[f"reading-{code}"]))
                for code in sorted(map(str, JUDGED))
                if said.get(f"reading-{code}")
            ),
            practical_items=tuple(
                ItemContent(item="supposed", state=state, side="ours")
                for state in ITEM_STATES
                for _ in range(said.get(f"items-{state}") or 0)
            ),
            grade=f"{said['grade_source']}{said['grade_content']}",
        )

    # --- For the page ----------------------------------------------------------------------------

    def bundles(self) -> list[tuple[str, list[SliderLine]]]:
        """The sliders by bundle, in the order of the method."""
        found: dict[str, list[SliderLine]] = {}
        for code in self.present:
            found.setdefault(str(FACTORS[code].extra["bundle"]), []).append(self._line(code))
        return list(found.items())

    def _line(self, code: str) -> SliderLine:
        field, mean = self[f"mean-{code}"], self.present[code]
        value = _number(field.value(), mean)
        was = self._stood_at(code, mean)
        said = self._words(code, value)
        return SliderLine(code, field, was, _two(value), said, code in self.unknown)

    def _words(self, code: str, value: float) -> str:
        """Where the slider stands, in words; unmoved and unknown it says nothing of the factor."""
        if code in self.unknown and _two(value) == self._stood_at(code, self.present[code]):
            return NO_ANSWER
        return in_words(value, _words_of(code)).lower()

    def readings(self) -> list[forms.BoundField]:
        return [self[f"reading-{one.code}"] for one in FACTORS if one.code in JUDGED]

    def items(self) -> list[forms.BoundField]:
        return [self[f"items-{state}"] for state in ITEM_STATES]


_OF_THE_MEETING = (
    "type", "not_held", "held_on", "highest_level", "levels", "outcome", "grade_source",
    "grade_content",
)  # fmt: skip
_ASKED_AS = {"held": "not_held", "grade": "grade_source"}


def in_words(mean: float, words: tuple[str, ...]) -> str:
    """A mean as one of five words, the nearest.

    >>> in_words(0.61, ("none", "little", "mixed", "much", "all"))
    'mixed'
    """
    # Half up, as the page's script does.
    return words[int(mean * (len(words) - 1) + 0.5)]


def _words_of(code: str) -> tuple[str, ...]:
    return tuple(FACTORS[code].extra.get("ratings", HINDERS_TO_HELPS))


def _items_and_readings() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        f"items-{state}": forms.IntegerField(
            label=label, min_value=0, max_value=MOST_ITEMS, required=False
        )
        for state, label in ITEM_STATES.items()
    }
    for factor in FACTORS:
        if factor.code in JUDGED:
            ratings = [(str(rating), word) for rating, word in enumerate(factor.extra["ratings"])]
            fields[f"reading-{factor.code}"] = pick(factor.label(), ratings, "no reading")
    return fields


def _two(mean: float) -> str:
    return f"{mean:.2f}"


def _number(told: Any, otherwise: float) -> float:
    """What a slider was sent as, if that is a mean at all."""
    try:
        value = float(told)
    except (TypeError, ValueError):
        return otherwise
    return value if 0 <= value <= 1 else otherwise
