"""Rows of a meeting: people, practical items, what was seen, what was said.

Rows are named "participants-0-mandate": the numbers that were sent say which rows there are,
so that a page may add rows without counting them for the server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Self

from django import forms
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict

from engagements.details import CODES
from engagements.forms.choices import choices_of, day, line, one_of, pick, text
from engagements.services.content import EvidenceContent, ItemContent, ParticipantContent
from engagements.services.meeting_rules import CRITERIA, MOST_ROWS
from engagements.services.meetings import ClaimContent
from scorecards.models.assessments import CODES as CARD_CODES

YES_NO = [("yes", "Yes"), ("no", "No")]


class Row(forms.Form):
    """One row. It is empty, and left out, unless one of `tells` is filled in."""

    tells: ClassVar[tuple[str, ...]]
    use_required_attribute = False

    @property
    def is_empty(self) -> bool:
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in self.tells)

    @property
    def number(self) -> str:
        return str(self.prefix).rsplit("-", 1)[-1]

    def unjudged(self) -> Self:
        """The row as drawn: nothing is said of what is in it."""
        self._errors = ErrorDict()
        return self

    def need(self, field: str, sentence: str) -> None:
        if not self.cleaned_data.get(field) and field not in self.errors:
            self.add_error(field, sentence)


class ParticipantRow(Row):
    tells = ("counterpart", "mandate", "same_as_last")

    def __init__(self, *args: Any, counterparts: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counterparts = counterparts
        named = [(pk, one.named) for pk, one in counterparts.items()]
        self.fields["counterpart"] = pick("Counterpart, by code", named, "choose")
        self.fields["mandate"] = one_of(
            "Speaks with a mandate", choices_of(CODES["mandate_answers"])
        )
        self.fields["same_as_last"] = one_of("Same person as last time", YES_NO)

    def clean(self) -> None:
        self.need("counterpart", "Choose the counterpart, or clear this row.")

    def content(self) -> ParticipantContent:
        said = self.cleaned_data
        same = said["same_as_last"]
        return ParticipantContent(
            counterpart=self.counterparts[said["counterpart"]].counterpart,
            mandate=said["mandate"],
            same_as_last=same == "yes" if same else None,
        )


class ItemRow(Row):
    tells = ("item",)
    item = line("What", 1000)
    state = one_of("How it stands", choices_of(CODES["practical_item_states"]))
    side = one_of("Whose", choices_of(CODES["sides"]))

    def clean(self) -> None:
        self.need("state", "Say whether it was agreed, delivered or failed.")
        self.need("side", "Say whether it is ours or theirs.")

    def content(self) -> ItemContent:
        return ItemContent(**self.cleaned_data)


class EvidenceRow(Row):
    tells = ("criterion", "seen", "rating")
    criterion = pick(
        "Criterion",
        [
            (
                CARD_CODES["dimensions"].label(dimension),
                [
                    (str(one.code), one.label())
                    for one in CRITERIA
                    if one.extra["dimension"] == dimension
                ],
            )
            for dimension in dict.fromkeys(one.extra["dimension"] for one in CRITERIA)
        ],
        "choose",
    )
    rating = one_of("What it looks like", [(str(rating), str(rating)) for rating in range(5)])
    seen = text("What you saw", 4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.data.get(self.add_prefix("criterion"), "")
        if chosen in CRITERIA:
            extra = CRITERIA[chosen].extra
            self.fields["rating"].label = extra["question"]
            self.fields["rating"].choices = [  # type: ignore[attr-defined]
                (str(rating), anchor) for rating, anchor in enumerate(extra["anchors"])
            ]

    @property
    def has_criterion(self) -> bool:
        return self.data.get(self.add_prefix("criterion"), "") in CRITERIA

    def clean(self) -> None:
        self.need("criterion", "Choose the criterion, or clear this row.")

    def content(self) -> EvidenceContent:
        said = self.cleaned_data
        rating = int(said["rating"]) if said["rating"] else None
        return EvidenceContent(criterion=said["criterion"], rating=rating, seen=said["seen"])


class ClaimRow(Row):
    tells = ("text", "due_on")
    kind = one_of("What kind", choices_of(CODES["claim_kinds"]))
    side = one_of("Whose", choices_of(CODES["sides"]))
    text = line("What was said, in one line", 1000)
    due_on = day("Due")
    basis = one_of("How we know", choices_of(CODES["knowledge_bases"]))

    def clean(self) -> None:
        self.need("text", "Write what was said, or clear this row.")
        self.need("kind", "Say what kind it is: a promise, a demand, …")
        self.need("side", "Say whether it is ours or theirs.")

    def content(self) -> ClaimContent:
        said = self.cleaned_data
        return ClaimContent(
            claim=said["kind"],
            side=said["side"],
            text=said["text"],
            due_on=said["due_on"],
            basis=said["basis"],
        )


class Rows:
    """All rows of one kind: those that were sent, then an empty one, and a pattern for more."""

    def __init__(
        self, name: str, data: MultiValueDict[str, str], make: Callable[..., Row], *, bound: bool
    ) -> None:
        self.name = name
        self._data, self._make, self._bound = data, make, bound
        self._rows = [self._row(number) for number in self._numbers()]

    def _numbers(self) -> list[int]:
        pattern = re.compile(rf"{self.name}-(\d{{1,3}})-[a-z_]+")
        sent = {int(match[1]) for key in self._data if (match := pattern.fullmatch(key))}
        return sorted(sent)[: MOST_ROWS + 1]

    def _row(self, number: int | str) -> Row:
        row = self._make(data=self._data, prefix=f"{self.name}-{number}")
        return row if self._bound else row.unjudged()

    def filled(self) -> list[Row]:
        return [row for row in self._rows if not row.is_empty]

    def __iter__(self) -> Iterator[Row]:
        """The rows as drawn: what was filled in, and one to fill in."""
        yield from self.filled()
        yield self._spare(self._next())

    def _next(self) -> int:
        return max((int(row.number) for row in self.filled()), default=-1) + 1

    def pattern(self) -> Row:
        """The row that a page copies when another one is wanted."""
        return self._spare("__n__")

    def _spare(self, number: int | str) -> Row:
        return self._make(data=MultiValueDict(), prefix=f"{self.name}-{number}").unjudged()

    def faulty(self) -> list[Row]:
        return [row for row in self.filled() if row.errors]

    def contents(self) -> tuple[Any, ...]:
        return tuple(row.content() for row in self.filled())  # type: ignore[attr-defined]
