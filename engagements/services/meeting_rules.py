"""What a meeting must say before it is saved. One set of rules for page, API and import.

Each rule answers with the field and a sentence that tells the person what to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import ValidationError

from actors.models.reference import CODES as ACTOR_CODES
from engagements.details import CODES
from engagements.services.content import MeetingContent
from records.codes import load

FACTORS = load("scorecards", "factors.toml")["factors"]
CRITERIA = load("scorecards", "criteria.toml")["criteria"]
JUDGED = frozenset(FACTORS.having("kind", "judged"))
NORMS = frozenset(CODES["norms"].values()) - {"GEN"}
EARLIEST = date(1900, 1, 1)
MOST_ROWS = 200
LONGEST_SUMMARY = 20_000

Fault = tuple[str, str]  # field, sentence


def check_meeting(content: MeetingContent, *, today: date) -> None:
    """Raise ValidationError with every fault at once, each by its field."""
    faults: dict[str, list[str]] = {}
    for field, sentence in _faults(content, today):
        faults.setdefault(field, []).append(sentence)
    if faults:
        raise ValidationError(faults)


def _faults(content: MeetingContent, today: date) -> Iterator[Fault]:
    yield from _when(content, today)
    yield from _what(content)
    yield from _six_answers(content) if content.held else _not_held(content)
    yield from _topics(content)
    yield from _people(content)
    yield from _readings(content)
    yield from _rest(content)


def _when(content: MeetingContent, today: date) -> Iterator[Fault]:
    if content.held_on.first > today:
        yield "held_on", "The date lies in the future. Planned meetings go under Coming."
    if content.held_on.first < EARLIEST:
        yield "held_on", "The date lies before 1900. Check the year."


def _what(content: MeetingContent) -> Iterator[Fault]:
    yield from _code("type", content.type, CODES["interaction_types"].values())
    yield from _code("channel", content.channel, (*CODES["channels"].values(), ""))
    levels = ACTOR_CODES["organisational_levels"].values()
    yield from _code("highest_level", content.highest_level, (*levels, ""))
    for level in content.levels:
        yield from _code("levels", level, levels)
    yield from _code("outcome", content.outcome, (*CODES["outcomes"].values(), None))
    yield from _code("trust", content.trust, (*CODES["trust"].values(), None))
    if len(content.levels) != len(set(content.levels)):
        yield "levels", "Name each level once."


def _code(field: str, value: object, known: tuple[object, ...]) -> Iterator[Fault]:
    if isinstance(value, bool) or value not in known:
        choices = ", ".join(str(code) for code in known if code not in ("", None))
        yield field, f"Choose one of: {choices}."


def _six_answers(content: MeetingContent) -> Iterator[Fault]:
    if content.type == "cancel":
        yield "held", "This type says that the meeting did not take place. Mark it as not held."
    if not content.channel:
        yield "channel", "Say how you met or spoke."
    if not content.highest_level:
        yield "highest_level", "Choose the highest level met. “Level unknown” is an answer."
    if content.outcome is None:
        yield "outcome", "Say how it ended."


def _not_held(content: MeetingContent) -> Iterator[Fault]:
    if content.outcome is not None:
        yield "outcome", "A meeting that did not take place has no outcome. Leave it open."
    if content.readings:
        yield "readings", "A meeting that did not take place gives no readings. Remove them."


def _topics(content: MeetingContent) -> Iterator[Fault]:
    for topic in content.topics:
        if topic not in NORMS:
            yield "topics", f"“{topic}” is not a topic. Choose from N01 to N20."
    if len(content.topics) != len(set(content.topics)):
        yield "topics", "Name each topic once."


def _people(content: MeetingContent) -> Iterator[Fault]:
    group, context = content.engagement.armed_group_id, content.engagement.context_id
    for row in content.participants:
        if row.counterpart.armed_group_id != group or row.counterpart.context_id != context:
            yield "participants", "Choose counterparts of this armed group in this context."
        yield from _code("participants", row.mandate, (*CODES["mandate_answers"].values(), ""))
    if _repeats(row.counterpart.pk for row in content.participants):
        yield "participants", "Name each counterpart once."


def _readings(content: MeetingContent) -> Iterator[Fault]:
    for row in content.readings:
        if row.factor not in JUDGED:
            yield "readings", f"“{row.factor}” takes no reading: it is computed, or no factor."
        yield from _zero_to_four("readings", row.rating)
    if _repeats(row.factor for row in content.readings):
        yield "readings", "Give one reading for each factor."
    for note in content.evidence:
        if note.criterion not in CRITERIA:
            yield "evidence", f"“{note.criterion}” is not a criterion of the scorecard."
        if note.rating is not None:
            yield from _zero_to_four("evidence", note.rating)


def _zero_to_four(field: str, rating: object) -> Iterator[Fault]:
    if type(rating) is not int or not 0 <= rating <= 4:
        yield field, "A rating is a whole number from 0 to 4."


def _rest(content: MeetingContent) -> Iterator[Fault]:
    for item in content.practical_items:
        if not item.item:
            yield "practical_items", "Say what the practical item is."
        states, sides = CODES["practical_item_states"].values(), CODES["sides"].values()
        yield from _code("practical_items", item.state, states)
        yield from _code("practical_items", item.side, sides)
    if content.next_step and not content.next_step.what:
        yield "next_step", "Say what the next step is, or leave who and when open too."
    if len(content.summary) > LONGEST_SUMMARY:
        yield "summary", f"Keep this under {LONGEST_SUMMARY} characters."
    if content.place.country and not is_country(content.place.country):
        yield "place", "Give the country as two capital letters, such as SD."
    if len(content.place.admin1) > 100:
        yield "place", "Keep the name of the area under 100 characters."
    if content.grade not in GRADES:
        yield "grade", "A grade is a letter A-F and a figure 1-6, such as B2."
    if content.level is not None and content.level not in (1, 2, 3, 4):
        yield "level", "A level is 1, 2, 3 or 4."
    if content.plan and content.plan.engagement_id != content.engagement.pk:
        yield "plan", "Choose a planned meeting with this armed group."
    rows = (content.participants, content.readings, content.evidence, content.practical_items)
    if any(len(part) > MOST_ROWS for part in rows):
        yield "details", f"One meeting holds at most {MOST_ROWS} rows of a kind."


GRADES = frozenset(
    f"{source}{figure}"
    for source in ACTOR_CODES["grade_sources"].values()
    for figure in ACTOR_CODES["grade_contents"].values()
)


def is_country(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()


def _repeats(values: Iterator[object]) -> bool:
    return any(count > 1 for count in Counter(values).values())
