"""One screen of an assessment: the criteria of a dimension, or the worded conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from engagements.forms.entry import PartialField, grade, pick, text
from records.codes import Code
from scorecards.services.assessments import Evidence, GateContent, RatingContent

OPEN = ("", "not assessed")
NA = ("na", "does not apply")
NO_ANSWER = [("", "no answer"), ("yes", "yes"), ("no", "no")]

Choices = Mapping[str, Sequence[tuple[str, str]]]


class RatingScreen(forms.Form):
    """Fields `<criterion>-rating`, `-grade`, `-observed_on`, `-evidence`, `-note`."""

    use_required_attribute = False

    def __init__(
        self,
        sent: Any,
        *,
        criteria: Sequence[Code],
        choices: Choices,
        said: Mapping[str, RatingContent],
        linked: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.criteria = criteria
        super().__init__(sent, initial=_initial(said))
        for entry in criteria:
            code = str(entry.code)
            here = {str(piece.record) for piece in _evidence(said, code)}
            before = [(pk, words) for pk, words in linked if pk in here]
            offered = list(dict([*before, *choices.get(code, ())]).items())
            self.fields |= _rating_fields(entry, offered)

    def wanted_evidence(self) -> list[UUID]:
        return [
            UUID(pk)
            for entry in self.criteria
            for pk in self.cleaned_data.get(f"{entry.code}-evidence", ())
        ]

    def ratings(self, known: Mapping[UUID, Evidence]) -> Iterator[RatingContent]:
        """What was answered; a criterion left open with nothing beside it is not among them."""
        for entry in self.criteria:
            told = {name: self.cleaned_data[f"{entry.code}-{name}"] for name in _NAMES}
            linked = tuple(known[UUID(pk)] for pk in told["evidence"] if UUID(pk) in known)
            rating = _rating(told["rating"])
            if rating is not None or told["note"]:
                yield RatingContent(
                    criterion=str(entry.code),
                    rating=rating,
                    grade=told["grade"],
                    observed_on=told["observed_on"],
                    evidence=linked,
                    note=told["note"],
                )

    def cards(self, previous: Mapping[str, str]) -> list[dict[str, Any]]:
        """The fields criterion by criterion, for the page; `previous` in words."""
        return [
            {
                "code": entry.code,
                "rating": self[f"{entry.code}-rating"],
                "previous": previous.get(str(entry.code), "Not assessed before."),
                "beside": [self[f"{entry.code}-{name}"] for name in ("evidence", *_BESIDE)],
                "answered": bool(self[f"{entry.code}-rating"].value()),
            }
            for entry in self.criteria
        ]


_BESIDE = ("observed_on", "grade", "note")
_NAMES = ("rating", "evidence", *_BESIDE)


def _rating(text: str) -> int | str | None:
    return text if text == "na" else int(text) if text else None


def anchors_of(entry: Code) -> list[tuple[str, str]]:
    """The five answers, each with its figure: the overview and the evidence speak of "3 of 4"."""
    return [(str(n), f"{n} · {words}") for n, words in enumerate(entry.extra["anchors"])]


def _rating_fields(entry: Code, offered: list[tuple[str, str]]) -> dict[str, forms.Field]:
    anchors = anchors_of(entry)
    answers = [*anchors, *([NA] if entry.extra.get("na_allowed") else []), OPEN]
    code = entry.code
    return {
        f"{code}-rating": pick(
            f"{code} {entry.extra['question']}", answers, required=False, widget=forms.RadioSelect
        ),
        f"{code}-evidence": _rests_on(offered),
        f"{code}-observed_on": PartialField("Seen on"),
        f"{code}-grade": grade("Grade, where nothing is linked", required=False),
        f"{code}-note": text("Note (sealed)"),
    }


def _rests_on(offered: list[tuple[str, str]]) -> forms.Field:
    field = forms.MultipleChoiceField(
        label="Rests on",
        choices=offered,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose among the records shown."},
    )
    if not offered:
        field.help_text = "No meeting, incident or commitment is recorded yet."
    return field


def _evidence(said: Mapping[str, RatingContent], code: str) -> tuple[Evidence, ...]:
    return said[code].evidence if code in said else ()


def _initial(said: Mapping[str, RatingContent]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for code, one in said.items():
        shown[f"{code}-rating"] = "" if one.rating is None else str(one.rating)
        shown[f"{code}-evidence"] = [str(piece.record) for piece in one.evidence]
        shown[f"{code}-observed_on"] = str(one.observed_on or "")
        shown[f"{code}-grade"] = one.grade
        shown[f"{code}-note"] = one.note
    return shown


class GateScreen(forms.Form):
    """Fields `<gate>-met`, `-evidence`, `-grade`, `-note`. A yes counts with a record linked."""

    use_required_attribute = False

    def __init__(
        self,
        sent: Any,
        *,
        gates: Sequence[Code],
        said: Mapping[str, GateContent],
        choices: Sequence[tuple[str, str]] = (),
        linked: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.gates, self.said = gates, said
        initial = {
            f"{code}-{name}": value
            for code, one in said.items()
            for name, value in (
                ("met", _MET[one.met]),
                ("evidence", [str(piece.record) for piece in one.evidence]),
                ("grade", one.grade),
                ("note", one.note),
            )
        }
        super().__init__(sent, initial=initial)
        for entry in gates:
            question, code = entry.extra["question"], str(entry.code)
            here = {str(piece.record) for piece in said[code].evidence} if code in said else set()
            before = [(pk, words) for pk, words in linked if pk in here]
            self.fields |= {
                f"{code}-met": pick(question, NO_ANSWER, required=False, widget=forms.RadioSelect),
                f"{code}-evidence": _rests_on(list(dict([*before, *choices]).items())),
                f"{code}-grade": grade(required=False),
                f"{code}-note": text("Note (sealed)"),
            }

    def wanted_evidence(self) -> list[UUID]:
        return [
            UUID(pk)
            for entry in self.gates
            for pk in self.cleaned_data.get(f"{entry.code}-evidence", ())
        ]

    def answers(self, known: Mapping[UUID, Evidence]) -> Iterator[GateContent]:
        for entry in self.gates:
            code = str(entry.code)
            met, note = self.cleaned_data[f"{code}-met"], self.cleaned_data[f"{code}-note"]
            chosen = self.cleaned_data[f"{code}-evidence"]
            if met or note:
                yield GateContent(
                    gate=code,
                    met={"yes": True, "no": False}.get(met),
                    evidence=tuple(known[UUID(pk)] for pk in chosen if UUID(pk) in known),
                    grade=self.cleaned_data[f"{code}-grade"],
                    note=note,
                )

    def cards(self) -> list[dict[str, Any]]:
        return [
            {
                "code": entry.code,
                "rating": self[f"{entry.code}-met"],
                "beside": [self[f"{entry.code}-{name}"] for name in ("evidence", "grade", "note")],
                "answered": bool(self[f"{entry.code}-met"].value()),
            }
            for entry in self.gates
        ]


_MET = {True: "yes", False: "no", None: ""}


class ReturnForm(forms.Form):
    """What is missing: `note` in general, and a note for each dimension that needs one."""

    use_required_attribute = False

    def __init__(self, sent: Any = None, *, dimensions: Sequence[Code]) -> None:
        super().__init__(sent)
        self.dimensions = [str(entry.code) for entry in dimensions]
        self.fields["note"] = text("What is missing, in general")
        for entry in dimensions:
            self.fields[str(entry.code)] = text(entry.label())

    def notes(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in self.dimensions}

    def by_dimension(self) -> list[Any]:
        return [self[code] for code in self.dimensions]


class BeginForm(forms.Form):
    """The day that a new assessment describes."""

    use_required_attribute = False
    as_of = forms.DateField(
        label="As things stood on",
        required=False,
        help_text="Left empty: today.",
        error_messages={"invalid": "Write the day as 2026-05-17."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
