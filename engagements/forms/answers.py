"""Answers as a form sends them: name -> the values given. Drafts, conflicts and forms share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from engagements.details import BLOCKS, Link, Many, One
from engagements.services.content import MeetingContent, as_json

Answers = dict[str, list[str]]

# What a form sends beside the answers.
_CARRIED = frozenset(
    {"csrfmiddlewaretoken", "then", "insist", "tab", "count", "based_on"}
    | {"record", "base", "engagement"}
)


def answers_in(posted: QueryDict) -> Answers:
    """What was answered: blanks and the form's own luggage left out."""
    kept = {
        name: list(dict.fromkeys(value for value in values if value.strip()))
        for name, values in posted.lists()
        if name not in _CARRIED
    }
    return {name: values for name, values in kept.items() if values}


def form_data(answers: Answers) -> MultiValueDict[str, str]:
    return MultiValueDict(answers)


def first(answers: Answers, name: str) -> str:
    """The (last) value of a question with one answer; empty if it was left open."""
    return answers.get(name, [""])[-1]


def answers_of(content: MeetingContent) -> Answers:
    """The answers that give this content."""
    return answers_of_json(as_json(content))


def answers_of_json(said: Mapping[str, Any]) -> Answers:
    """The same, from the API's shape: the one in which earlier versions are kept."""
    place, step, held = said["place"], said["next_step"] or {}, said["held"]
    plain = {
        "held_on": _full_day(said["held_on"]),
        "date_precision": said["date_precision"],
        "not_held": None if held else "on",
        "type": None if said["type"] == "cancel" else said["type"],
        "channel": said["channel"],
        "highest_level": said["highest_level"],
        "levels": said["levels"],
        "topics": said["topics"],
        "outcome": said["outcome"],
        "trust": said["trust"],
        "summary": said["summary"],
        "place_country": place["country"],
        "place_admin1": place["admin1"],
        "place_detail": place["detail"],
        "next_step_what": step.get("what"),
        "next_step_who": step.get("who"),
        "next_step_due_on": step.get("due_on"),
        "next_step_side": step.get("side"),
        "grade_source": said["grade"][:1],
        "grade_content": said["grade"][1:],
        "level": said["level"],
        "plan": said["plan"],
    }
    return _given(
        plain
        | _readings(said["readings"])
        | _rows("participants", said["participants"])
        | _rows("practical_items", said["practical_items"])
        | _rows("evidence", said["evidence"])
        | _details(said["details"])
    )


def _given(values: Mapping[str, Any]) -> Answers:
    texts = {name: [_text(one) for one in _several(value)] for name, value in values.items()}
    kept = {name: [one for one in given if one] for name, given in texts.items()}
    return {name: given for name, given in kept.items() if given}


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    return "yes" if value is True else str(value)


def _full_day(text: str) -> str:
    """A date box holds a whole day; the precision beside it says what of it is known."""
    return (text + "-01-01")[:10] if len(text) == 4 else (text + "-01")[:10]


def _readings(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for row in rows:
        named[f"reading-{row['factor']}"] = row["rating"]
        named[f"reading-{row['factor']}-note"] = row["note"]
    return named


def _rows(name: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        f"{name}-{place}-{question}": "no" if value is False else value
        for place, row in enumerate(rows)
        for question, value in row.items()
    }


def _details(details: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for block, said in details.items():
        named[f"{block}-answered"] = "on"
        for question, value in said.items():
            if (block, question) == ("motives", "named"):
                named["motives-first"], named["motives-named"] = value[:1], value[1:]
            else:
                named[f"{block}-{question}"] = value
    return named


def details_in(answers: Answers) -> dict[str, dict[str, Any]]:
    """The blocks that were answered, each answer in the shape that `details` keeps.

    A block counts as answered if anything in it is, or if it was gone through and left empty.
    Answers that are on no list are left as they are: checking them is the form's business.
    """
    found = {
        block: {
            name: value
            for name, kind in questions.items()
            if (value := _answer(answers, block, name, kind)) not in ("", [])
        }
        for block, questions in BLOCKS.items()
    }
    return {block: said for block, said in found.items() if said or f"{block}-answered" in answers}


def _answer(answers: Answers, block: str, name: str, kind: Any) -> Any:
    given = answers.get(f"{block}-{name}", [])
    if (block, name) == ("motives", "named"):
        given = list(dict.fromkeys([*answers.get("motives-first", []), *given]))
    if isinstance(kind, Many):
        return [_coded(kind, one) for one in given]
    text = given[-1].strip() if given else ""
    return _coded(kind, text) if isinstance(kind, One | Link) else text


def _coded(kind: Any, text: str) -> Any:
    """The code as the list has it: a number where the order is a scale."""
    codes = getattr(kind, "codes", ())
    return next((code.code for code in codes if str(code.code) == text), text)
