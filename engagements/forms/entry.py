"""What the short forms of the register have in common: one form says what one service is told.

The same form makes a new record and corrects a stored one (`record`): then it shows what is
stored, as `Answers`, so that two corrections can be compared piece by piece.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict

from accounts.access import Viewer, grants_for, visible_contexts
from accounts.models import Context
from engagements.forms.answers import Answers
from engagements.forms.merge import Shape
from engagements.forms.rows import Row, Rows
from engagements.services.meeting_rules import GRADES
from records.dates import NotADate, PartialDate
from records.models.records import LEVELS

MOST_CHOICES = 1_000
PARTIAL = "2024, 2024-Q2, 2024-05 or 2024-05-17: as much as is known"
QUARTER = re.compile(r"(\d{4})[ -]?[Qq]([1-4])", re.ASCII)
UNKNOWN = "Choose one from the list."

Told = dict[str, Any]


class PartialField(forms.CharField):
    """A day, month or year as a PartialDate; None when left open."""

    def __init__(self, label: str, *, required: bool = False, **more: Any) -> None:
        super().__init__(label=label, required=required, help_text=PARTIAL, max_length=10, **more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        quarter = QUARTER.fullmatch(text)
        try:
            if quarter:
                month = 3 * int(quarter[2]) - 2
                return PartialDate.parse(f"{quarter[1]}-{month:02}", "season")
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
    return pick("Level", [("", "the usual one here"), *_levels()], required=False)


def codes(
    lists: Mapping[str, Any], name: str, *, empty: str | None = None
) -> list[tuple[str, str]]:
    found = [(str(code), label) for code, label in lists[name].choices()]
    return found if empty is None else [("", empty), *found]


class Entry(forms.Form):
    """A form for one record. `pk` is made with the page of a new one: sending twice makes one.

    `renamed` says what the service calls otherwise; `headings` names the kinds of rows.
    """

    use_required_attribute = False
    title = ""
    correcting = ""
    asks_why = True
    renamed: ClassVar[Mapping[str, str]] = {}
    headings: ClassVar[Mapping[str, str]] = {}
    pk = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        viewer: Viewer,
        given: Mapping[str, str] | None = None,
        record: Any = None,
        judged: bool = True,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", {"pk": uuid4(), **(given or {})})
        super().__init__(data, **kwargs)
        self.viewer = viewer
        self.record = record
        if record is not None:
            self._for_correction()
        self.prepare()
        for field in self.fields.values():
            field.error_messages.setdefault("required", "This is needed.")
        sent = data if data is not None else MultiValueDict()
        bound = judged and data is not None
        self.rows = {
            name: Rows(name, sent, make, bound=bound) for name, make in self.row_makers().items()
        }
        if not judged:
            self._errors = ErrorDict()

    def _for_correction(self) -> None:
        del self.fields["pk"]
        if "level" in self.fields:
            self.fields["level"] = pick("Level", _levels())
        if self.asks_why:
            self.fields["reason"] = words("Why you change it", 500, help_text="No names.")

    def prepare(self) -> None:
        """Fill the choices with what this viewer may choose."""

    def row_makers(self) -> dict[str, Callable[..., Row]]:
        """Kind of row -> what makes one."""
        return {}

    @classmethod
    def said_of(cls, viewer: Viewer, record: Any) -> dict[str, Any]:
        """What this viewer may see of a stored record, by the names of the form."""
        raise NotImplementedError

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

    def all_chosen(self, name: str) -> tuple[Any, ...]:
        return tuple(self._offered[name][pk] for pk in self.cleaned_data[name])

    @property
    def wanted_level(self) -> int | None:
        return int(self.cleaned_data["level"]) if self.cleaned_data.get("level") else None

    @property
    def about(self) -> str:
        """Words of the record, shown above the form."""
        return ""

    @property
    def body(self) -> list[forms.BoundField]:
        """The fields above the rows; those that stand at the foot of every form come after."""
        return [field for field in self if field.name not in FOOT]

    @property
    def foot(self) -> list[forms.BoundField]:
        return [self[name] for name in FOOT if name in self.fields]

    @property
    def kinds_of_rows(self) -> list[tuple[str, Rows]]:
        return [(self.headings[name], rows) for name, rows in self.rows.items()]

    def is_valid(self) -> bool:
        faulty = [row for rows in self.rows.values() for row in rows.faulty()]
        return super().is_valid() and not faulty

    def problems(self) -> list[tuple[str, str, str]]:
        """Every fault: the anchor of its field, the field's label, the sentence."""
        faulty = [row for rows in self.rows.values() for row in rows.faulty()]
        return [
            (*self._named(form, name), str(sentence))
            for form in (self, *faulty)
            for name, sentences in form.errors.items()
            for sentence in sentences
        ]

    def _named(self, form: forms.Form, name: str) -> tuple[str, str]:
        if name not in form.fields:
            return "entry", ""
        return str(form[name].auto_id), str(form[name].label)

    def add_refusal(self, refusal: ValidationError) -> None:
        """The service's sentences, each beside its field; what has no field here stands on top."""
        found = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
        for name, sentences in found.items():
            field = self.renamed.get(name, name)
            heading = self.headings.get(name)
            for sentence in sentences:
                told = f"{heading}: {sentence}" if heading else sentence
                self.add_error(field if field in self.fields else None, told)

    # --- Answers: what is said now, in a shape in which two versions can be compared ---

    @property
    def answers(self) -> Answers:
        """What the form holds: no blanks, lists sorted, rows numbered without gaps."""
        sent: Any = self.data
        held: dict[str, Any] = {
            name: sent.getlist(name) for name in self.fields if name != "reason"
        }
        for name, rows in self.rows.items():
            for place, row in enumerate(rows.filled()):
                for question in row.fields:
                    value = sent.get(row.add_prefix(question), "")
                    held[f"{name}-{place}-{question}"] = [value]
        return answers_of(held)

    def changed(self) -> set[str]:
        """The pieces that say something else than the stored record."""
        stored = answers_of(self.said_of(self.viewer, self.record))
        mine, theirs = map(self.shape().pieces, (self.answers, stored))
        return {piece for piece in {**mine, **theirs} if mine.get(piece) != theirs.get(piece)}

    def shape(self) -> Shape:
        """How its answers fall into the pieces that a person would choose as one."""
        several = [
            name
            for name, field in self.fields.items()
            if isinstance(field, forms.MultipleChoiceField)
        ]
        texts = [
            name for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)
        ]
        known = {*self.fields, *self.rows} - {"reason"}
        return Shape(
            piece_of=lambda name: head if (head := name.partition("-")[0]) in known else None,
            rows=tuple(self.rows),
            lists=tuple(several),
            texts=tuple(texts),
        )

    def heading(self, piece: str) -> str:
        return self.headings.get(piece) or str(self.fields[piece].label)


FOOT = ("level", "reason")


def _levels() -> list[tuple[str, str]]:
    return [(str(code), f"{code}, {name}") for code, name in LEVELS]


def answers_of(said: Mapping[str, Any]) -> Answers:
    """Values as a form would send them: text, blanks left out, lists sorted."""
    texts = {
        name: [_text(one) for one in (value if isinstance(value, list | tuple) else [value])]
        for name, value in said.items()
    }
    kept = {name: sorted(one for one in given if one) for name, given in texts.items()}
    return {name: given for name, given in kept.items() if given}


def rows_said(name: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Stored rows by the names under which a form sends them."""
    return {
        f"{name}-{place}-{question}": value
        for place, row in enumerate(rows)
        for question, value in row.items()
    }


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    if isinstance(value, PartialDate) and value.precision == "season":
        return f"{value.first.year}-Q{(value.first.month + 2) // 3}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()


def contexts_for(viewer: Viewer, kind: str) -> list[Context]:
    mine = {grant.context_id for grant in grants_for(viewer, "c", kind)}
    rows = visible_contexts(viewer, Context.objects.all())
    return list(rows.filter(pk__in=mine).order_by("name"))


def as_uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
