"""Keyset cursors: the place in a list, as an opaque text.

A cursor holds the sort value of a row, which may be a name or a day that must not stand in an
address or be read back by its holder: so it is encrypted, and bound to its list and order. The
same place gives the same text, so that an unchanged page keeps its ETag.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha512
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

from records.problems import Problem, refusal


@dataclass(frozen=True, slots=True)
class Place:
    """After (or, `backward`, before) the row with this sort value and id."""

    value: Any
    id: UUID
    backward: bool = False


def write_cursor(place: Place, *, bound_to: str) -> str:
    plain = json.dumps([_plain(place.value), place.id.hex, place.backward], ensure_ascii=False)
    sealed = _cipher(settings.SECRET_KEY).encrypt(plain.encode(), [bound_to.encode()])
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_cursor(text: str, *, bound_to: str) -> Place:
    """The place; Problem (400) for a text that is no cursor of this list and order."""
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        plain = _cipher(settings.SECRET_KEY).decrypt(sealed, [bound_to.encode()])
    except (InvalidTag, ValueError, binascii.Error):
        raise _not_a_cursor() from None
    value, row, backward = json.loads(plain)
    return Place(_restored(value), UUID(row), backward)


def _not_a_cursor() -> Problem:
    sentence = "This cursor does not belong to this list and order. Start again without it."
    return refusal("cursor", sentence)


@lru_cache(maxsize=2)
def _cipher(secret: str) -> AESSIV:
    return AESSIV(sha512(b"records.rest.cursors" + secret.encode()).digest())


def _plain(value: Any) -> list[Any]:
    match value:
        case datetime():
            return ["t", value.isoformat()]
        case date():
            return ["d", value.isoformat()]
        case UUID():
            return ["u", value.hex]
    return ["v", value]


def _restored(pair: list[Any]) -> Any:
    sort, value = pair
    readers: dict[str, Any] = {"t": datetime.fromisoformat, "d": date.fromisoformat, "u": UUID}
    return readers[sort](value) if sort in readers else value
