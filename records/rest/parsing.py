"""Read a JSON body strictly: what could be read in two ways is refused, not guessed."""

from __future__ import annotations

import json
import math
from typing import Any

from rest_framework.parsers import BaseParser

from records.problems import TOO_BIG, Problem, refusal

MOST_BYTES = 1024 * 1024
DEEPEST = 32


class StrictJSONParser(BaseParser):
    """UTF-8 JSON, at most 1 MiB and 32 levels deep; no doubled keys, no NaN, no broken text."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:
        meta = parser_context["request"].META if parser_context else {}
        if int(meta.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise Problem(413, TOO_BIG)
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise Problem(413, TOO_BIG)
        return read_json(body)


def read_json(body: bytes) -> dict[str, Any]:
    """The object in the body; Problem (400) with a sentence if it cannot be read in one way."""
    try:
        told = json.loads(
            body.decode(), object_pairs_hook=_without_doubles, parse_constant=_no_constant
        )
    except RecursionError:
        raise _too_deep() from None
    except UnicodeDecodeError:
        raise refusal("", "The text is not UTF-8.", "not_json") from None
    except ValueError:
        raise refusal("", "This is not JSON.", "not_json") from None
    if not isinstance(told, dict):
        raise refusal("", "Send one JSON object, {...}.", "not_an_object")
    _check_values(told)
    return told


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise refusal(_printable(double), "This key is given twice.", "doubled")
    return told


def _no_constant(word: str) -> Any:
    raise refusal("", f"{word} is not a number that JSON knows.", "not_a_number")


def _too_deep() -> Problem:
    return refusal("", f"This is nested deeper than {DEEPEST} levels.", "too_deep")


def _check_values(told: Any) -> None:
    """Walk without recursion, so that depth itself cannot break the walk."""
    waiting: list[tuple[str, int, Any]] = [("", 1, told)]
    while waiting:
        path, depth, value = waiting.pop()
        if isinstance(value, dict | list):
            if depth > DEEPEST:
                raise _too_deep()
            rows = value.items() if isinstance(value, dict) else enumerate(value)
            for name, inner in rows:
                _check_text(path, name)
                waiting.append((f"{path}.{name}" if path else str(name), depth + 1, inner))
        elif isinstance(value, float) and not math.isfinite(value):
            raise refusal(path, "This number is too large.", "not_a_number")
        else:
            _check_text(path, value)


def _check_text(path: str, value: Any) -> None:
    if not isinstance(value, str):
        return
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        sentence = "The text holds a character that cannot be stored. Type it anew."
        raise refusal(path, sentence, "broken_text")


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()[:100]
