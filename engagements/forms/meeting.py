"""The meeting form: the two-minute set, the readings it proposes, and the folded blocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict

from actors.models.reference import CODES as ACTOR_CODES
from engagements.details import CODES, checked_details
from engagements.forms.answers import Answers, details_in, form_data
from engagements.forms.blocks import (
    Block,
    block_fields,
    is_answered,
    names_in,
    opened_by,
    types_opening,
)
from engagements.forms.choices import choices_of, day, line, one_of, pick, several, text
from engagements.forms.readings import (
    ReadingLine,
    reading_fields,
    reading_lines,
    readings_in,
    with_proposals,
)
from engagements.forms.rows import ClaimRow, EvidenceRow, ItemRow, ParticipantRow, Row, Rows
from engagements.models import Interaction, Plan
from engagements.selectors.meeting_form import FormRoom
from engagements.services.content import MeetingContent, NextStepContent, Place
from engagements.services.meeting_rules import LONGEST_SUMMARY, check_meeting
from records.dates import NotADate, PartialDate

LEVELS = ACTOR_CODES["organisational_levels"]
SETTLED = [("kept", "Kept"), ("broken", "Broken"), ("unclear", "Unclear"), ("", "Leave open")]
GRADE_SOURCES, GRADE_CONTENTS = ACTOR_CODES["grade_sources"], ACTOR_CODES["grade_contents"]

# Where a rule names a field that the form asks in parts.
ASKED_AS = {"place": "place_admin1", "next_step": "next_step_what", "held": "not_held"}

# What the form says where the rule's own sentence would speak in codes.
NEEDED = {
    "held_on": "Say on which day.",
    "type": "Say what kind of meeting it was.",
    "channel": "Say how you met or spoke.",
    "highest_level": "Choose the highest level met. “Level unknown” is an answer.",
    "outcome": "Say how it ended.",
}
MOST_TOPICS = 3
WHY_NOT = "Say in one line why it did not take place."

ROW_BLOCKS = {
    "participants": ParticipantRow,
    "practical_items": ItemRow,
    "evidence": EvidenceRow,
}


class MeetingForm(forms.Form):
    """Answers in, MeetingContent out (`content`, once valid).

    `judged=False` shows the answers without judging them, as for a draft that is opened again.
    """

    use_required_attribute = False

    held_on = line("When", 40)
    date_precision = pick("How exactly", choices_of(ACTOR_CODES["date_precisions"]))
    not_held = forms.BooleanField(label="It did not take place", required=False)
    type = one_of(
        "What kind of meeting", choices_of(CODES["interaction_types"], without=["cancel"])
    )
    channel = one_of("How you met", choices_of(CODES["channels"]))
    highest_level = one_of("Highest level met", choices_of(LEVELS))
    levels = several("Others present", choices_of(LEVELS, without=["UNK"]))
    topics = several("About what", choices_of(CODES["norms"], without=["GEN"]))
    outcome = one_of("How it ended", choices_of(CODES["outcomes"])[::-1])
    trust = one_of("Trust", choices_of(CODES["trust"]))
    summary = text(
        "What changed, in one line",
        LONGEST_SUMMARY,
        help_text="No names, no precise places: “zone commander”, “a village in the north”.",
    )
    next_step_what = line("Next step", 1000)
    next_step_who = line("Who does it (a role, no name)", 300)
    next_step_due_on = day("Due")
    next_step_side = one_of("Whose step", choices_of(CODES["sides"]))
    place_country = pick("Country", [])
    place_admin1 = line("Area (province or region)", 100)
    place_detail = line("Nearer place, only if it must be kept", 300)
    grade_source = pick("How far the source can be relied on", choices_of(GRADE_SOURCES))
    grade_content = pick("How far the content can be believed", choices_of(GRADE_CONTENTS))
    level = one_of("Level", [])
    compared = one_of("Against the plan", choices_of(CODES["plan_compared"]))
    reason = line("Why you correct it", 500)

    def __init__(
        self,
        answers: Answers,
        room: FormRoom,
        *,
        today: date,
        stored: Interaction | None = None,
        plan: Plan | None = None,
        judged: bool = True,
    ) -> None:
        self.room, self.today, self.stored, self.plan = room, today, stored, plan
        self.answers = with_proposals(answers)
        self.content: MeetingContent | None = None
        self.section_errors: dict[str, list[str]] = {}
        data: MultiValueDict[str, str] = form_data(self.answers)
        super().__init__(data)
        self.fields["held_on"].widget.input_type = "date"
        self._offer(room)
        people = partial(ParticipantRow, counterparts=room.counterparts)
        makers: dict[str, Any] = {**ROW_BLOCKS, "participants": people, "claims": ClaimRow}
        self.rows = {name: Rows(name, data, make, bound=judged) for name, make in makers.items()}
        if not judged:
            self._errors = ErrorDict()

    def _offer(self, room: FormRoom) -> None:
        """Add what this engagement brings: its levels, links, countries and promises."""
        linked = {
            "violation_talk-incident": list(room.incidents),
            "commitment-commitment": list(room.commitments),
        }
        self.fields |= block_fields(linked) | reading_fields()
        names = dict(choices_of(ACTOR_CODES["sensitivity_levels"]))
        levels = [(str(level), f"{level}, {names[str(level)].lower()}") for level in room.levels]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]
        countries = [(code, code) for code in room.engagement.context.countries]
        known = {code for code, _ in countries}
        given = self.data.get("place_country", "")
        if self.stored and given == self.stored.place_country and given not in known:
            countries.append((given, given))
        self.fields["place_country"].choices = [("", "left open"), *countries]  # type: ignore[attr-defined]
        for promise in room.promises if self.stored is None else ():
            name = f"settle-{promise.claim.pk}"
            self.fields[name] = one_of("What became of it", SETTLED)

    # --- Judging ---------------------------------------------------------------------------------

    def clean(self) -> None:
        for name, rows in self.rows.items():
            if rows.faulty():
                self.section_errors.setdefault(name, [])
        self._check_motives()
        if len(self.cleaned_data.get("topics", ())) > self._most_topics():
            self.add_error("topics", "Choose at most three topics.")
        held_on = self._held_on()
        if held_on is not None and not self._rows_faulty():
            self.content = self._content(held_on)
            self._check(self.content)
        self._need()

    def is_valid(self) -> bool:
        return super().is_valid() and not self.section_errors

    def _rows_faulty(self) -> bool:
        return any(rows.faulty() for rows in self.rows.values())

    def _held_on(self) -> PartialDate | None:
        said = self.cleaned_data.get("held_on")
        if not said:
            return None
        try:
            return PartialDate.parse(said, self.cleaned_data.get("date_precision") or None)
        except NotADate as error:
            self.add_error("held_on", str(error))
            return None

    def _most_topics(self) -> int:
        """Three; as many as are stored where another door gave more."""
        stored = self.stored.topic_rows.count() if self.stored else 0
        return max(MOST_TOPICS, stored)

    def _check_motives(self) -> None:
        also, first_named = self.cleaned_data.get("motives-named"), self.data.get("motives-first")
        if also and len(also) > 1 and not first_named:
            self.add_error("motives-first", "Say which of these they named first.")

    def _check(self, content: MeetingContent) -> None:
        try:
            check_meeting(content, today=self.today)
        except ValidationError as refusal:
            self.add_refusal(refusal)

    def add_refusal(self, refusal: ValidationError) -> None:
        """Put what the rules or the service said beside the fields that were asked."""
        for name, sentences in _by_field(refusal).items():
            asked = ASKED_AS.get(name, name)
            if asked in self.fields:
                if asked not in self.errors:
                    self.add_error(asked, NEEDED.get(asked, "") if self._open(asked) else sentences)
            else:
                self.section_errors.setdefault(asked, []).extend(sentences)

    def _open(self, name: str) -> bool:
        return name in NEEDED and not self.data.get(name)

    def _need(self) -> None:
        """The six answers, or the three of a meeting that did not take place."""
        said = self.cleaned_data
        needed = ["held_on"] if said.get("not_held") else list(NEEDED)
        for name in needed:
            if not self.data.get(name) and name not in self.errors:
                self.add_error(name, NEEDED[name])
        if said.get("not_held") and not said.get("summary") and "summary" not in self.errors:
            self.add_error("summary", WHY_NOT)

    # --- Content ---------------------------------------------------------------------------------

    def _content(self, held_on: PartialDate) -> MeetingContent:
        said = self.cleaned_data
        held = not said.get("not_held")
        always = {
            "engagement": self.room.engagement,
            "held_on": held_on,
            "held": held,
            "type": said.get("type") or ("" if held else "cancel"),
            "plan": self.plan or (self.stored and self.stored.plan),
            "joint": self.stored and self.stored.joint,
            "place": Place(
                country=said.get("place_country", ""),
                admin1=said.get("place_admin1", ""),
                detail=said.get("place_detail", ""),
            ),
            "topics": tuple(said.get("topics", ())),
            "summary": said.get("summary", ""),
            "next_step": self._next_step(),
            "practical_items": self.rows["practical_items"].contents(),
            "grade": (said.get("grade_source") or "B") + (said.get("grade_content") or "2"),
            "level": int(said["level"]) if said.get("level") else None,
            "details": self._details(),
        }
        return MeetingContent(**always, **(self._what_was_met() if held else {}))

    def _what_was_met(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "channel": said.get("channel", ""),
            "highest_level": said.get("highest_level", ""),
            "levels": tuple(said.get("levels", ())),
            "outcome": _number(said.get("outcome")),
            "trust": _number(said.get("trust")),
            "participants": self.rows["participants"].contents(),
            "readings": readings_in(said),
            "evidence": self.rows["evidence"].contents(),
        }

    def _next_step(self) -> NextStepContent | None:
        said = self.cleaned_data
        step = NextStepContent(
            what=said.get("next_step_what", ""),
            who=said.get("next_step_who", ""),
            due_on=said.get("next_step_due_on"),
            side=said.get("next_step_side") or "ours",
        )
        return step if step.what or step.who or step.due_on else None

    def _details(self) -> dict[str, dict[str, Any]]:
        """The blocks whose fields were all in order (a faulty one has said so itself)."""
        details = details_in(self.answers)
        kept = {
            block: {name: value for name, value in said.items() if not self._faulty(block, name)}
            for block, said in details.items()
        }
        return checked_details(kept)

    def _faulty(self, block: str, question: str) -> bool:
        return bool({f"{block}-{question}", f"{block}-first"} & set(self.errors))

    def claims(self) -> tuple[Any, ...]:
        return self.rows["claims"].contents()

    def settled(self) -> dict[UUID, str]:
        """What this meeting found of the open promises: claim id -> kept, broken or unclear."""
        return {
            promise.claim.pk: said
            for promise in self.room.promises
            if (said := self.cleaned_data.get(f"settle-{promise.claim.pk}"))
        }

    # --- Drawing ---------------------------------------------------------------------------------

    def blocks(self) -> Iterator[Block]:
        opened = opened_by(self.data.get("type", ""), self.room.ngo_types)
        for entry in CODES["form_blocks"]:
            yield self._block(str(entry.code), entry.label(), opened)
        if self.stored is None:
            yield self._block("claims", "Promises and other statements", opened)

    def _block(self, code: str, heading: str, opened: frozenset[str]) -> Block:
        names = names_in(code)
        rows = self.rows.get(code)
        faulty = bool(rows and rows.faulty()) or any(self.errors.get(name) for name in names)
        sentences = tuple(self.section_errors.get(code, ()))
        return Block(
            code=code,
            heading=heading,
            open=code in opened or faulty or bool(sentences) or is_answered(self.answers, code),
            types=types_opening(code, self.room.ngo_types),
            fields=tuple(self[name] for name in names),
            answered=self[f"{code}-answered"] if names else None,
            rows=rows,
            errors=sentences,
        )

    def readings(self) -> list[ReadingLine]:
        return reading_lines(self, self.answers)

    def likely_topics(self) -> list[Any]:
        """Chips shown at once: topics with a dossier, and those that were ticked."""
        ticked = set(self.answers.get("topics", ()))
        return [
            chip for chip in self["topics"] if self._value(chip) in {*self.room.topics, *ticked}
        ]

    def further_topics(self) -> list[Any]:
        shown = [self._value(chip) for chip in self.likely_topics()]
        return [chip for chip in self["topics"] if self._value(chip) not in shown]

    @staticmethod
    def _value(chip: Any) -> str:
        return str(chip.data["value"])

    def promises(self) -> list[tuple[Any, forms.BoundField]]:
        if self.stored is not None:
            return []
        return [(one, self[f"settle-{one.claim.pk}"]) for one in self.room.promises]

    def grade_words(self) -> str:
        source, content = self.data.get("grade_source", "B"), self.data.get("grade_content", "2")
        if source not in GRADE_SOURCES or content not in GRADE_CONTENTS:
            return ""
        words = f"{GRADE_SOURCES.label(source)}, {GRADE_CONTENTS.label(content)}"
        return words.lower()

    def problems(self) -> list[tuple[str, str, str]]:
        """(anchor, label, sentence) of everything that is wrong, from the top of the page down."""
        found = [
            (str(field.auto_id), str(field.label or ""), sentence)
            for field in self
            for sentence in map(str, field.errors)
        ]
        for block in self.blocks():
            found += [(f"block-{block.code}", block.heading, one) for one in block.errors]
            for row in block.rows.faulty() if block.rows else ():
                found += _problems(block, row)
        known = {block.code for block in self.blocks()}
        for section, sentences in self.section_errors.items():
            if section not in known:
                found += [("readings", "", sentence) for sentence in sentences]
        return found


def _problems(block: Block, row: Row) -> list[tuple[str, str, str]]:
    return [
        (str(bound.auto_id), f"{block.heading}, {bound.label}", str(sentence))
        for bound in row
        for sentence in bound.errors
    ]


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _by_field(refusal: ValidationError) -> dict[str, list[str]]:
    return refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
