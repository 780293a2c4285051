"""What the serializers of engagements share: strict fields, lists of ids, and rows as read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.access import COARSE_FROM, Viewer, coarse_contexts
from records.dates import PartialDate
from records.rest.inputs import NO_SUCH, Row, Text, read_id

M = TypeVar("M", bound=Model)
Wants = Callable[[str], bool]

MOST_IDS = 200


# --- Reading what was sent ------------------------------------------------------------------------


class Number(serializers.IntegerField):
    """A whole number and nothing else: no text, no 3.0, no true."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            raise serializers.ValidationError("Write a whole number here.")
        told: int = super().to_internal_value(data)
        return told


class Flag(serializers.BooleanField):
    """true or false and nothing else."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError("Answer true or false.")
        return data


class Day(serializers.DateField):
    """A whole day, "2024-05-17"."""

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", data, re.ASCII):
            raise serializers.ValidationError("Write a day as 2024-05-17.")
        try:
            return date.fromisoformat(data)
        except ValueError:
            sentence = "There is no such day in the calendar. Check day, month and year."
            raise serializers.ValidationError(sentence) from None


class Id(serializers.UUIDField):
    """A UUID in text."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            raise serializers.ValidationError("An id is a UUID in text.")
        told: UUID = super().to_internal_value(data)
        return told


@extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}})
class RecordsInput(serializers.Field):
    """Ids of records that the viewer may see, each once; hidden and absent are refused alike.

    `scope(viewer)` gives the rows to choose from: one statement, however many ids.
    """

    def __init__(self, scope: Callable[[Any], QuerySet[Any]], **kwargs: Any) -> None:
        self.scope = scope
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> tuple[Any, ...]:
        ids = read_ids(data)
        found = self.scope(self.context["viewer"]).filter(pk__in=ids) if ids else ()
        known = {row.pk: row for row in found}
        if len(known) < len(ids):
            raise serializers.ValidationError(NO_SUCH, code="not_found")
        return tuple(known[pk] for pk in ids)

    def to_representation(self, value: Any) -> Any:
        return value


def read_ids(data: Any) -> list[UUID]:
    """A list of UUIDs, each once."""
    if not isinstance(data, list):
        raise serializers.ValidationError("Write a list of ids.")
    if len(data) > MOST_IDS:
        raise serializers.ValidationError(f"At most {MOST_IDS} ids.")
    ids = [read_id(one) for one in data]
    if len(set(ids)) < len(ids):
        raise serializers.ValidationError("Name each record once.")
    return ids


def words(most: int, **kwargs: Any) -> Text:
    """Free text that may be left out."""
    return Text(**{"max_length": most, "allow_blank": True, "default": "", **kwargs})


class PlaceRow(Row):
    """Where: country and first-level area; what is finer is sealed."""

    country = words(2, help_text="ISO 3166, two capital letters.")
    admin1 = words(100, help_text="First-level area.")
    detail = words(4000, help_text="Finer than the first-level area: sealed.")


def no_place() -> dict[str, str]:
    return {"country": "", "admin1": "", "detail": ""}


class WholeRow(Row):
    """A row inside a record that is complete where it is sent, also in a PATCH."""

    def to_internal_value(self, data: Any) -> Any:
        if not getattr(self.root, "partial", False):
            return super().to_internal_value(data)
        whole = type(self)(data=data, context=self.context)
        whole.is_valid(raise_exception=True)
        return whole.validated_data


class OpenRow(Row):
    """What every record tells of itself besides its state; passed over when sent, like `id`."""

    id = serializers.UUIDField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class KnownRow(OpenRow):
    """The same for records that are current or withdrawn."""

    state = serializers.CharField(read_only=True, help_text="current or withdrawn.")


@extend_schema_field(OpenApiTypes.UUID)
class PersonId(serializers.UUIDField):
    """A user, by id."""


# --- Rows as they are read ------------------------------------------------------------------------


def told(value: Any) -> str | None:
    """A date or a number of exact decimals in JSON."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return None if value is None else str(value)


def pseudonymised(viewer: Viewer, kind: str) -> Callable[[Any], bool]:
    """Does the viewer read this record without its texts (role p)?"""
    contexts = frozenset(coarse_contexts(viewer, kind))
    return lambda record: record.context_id in contexts


def coarse(record: Any, hidden: bool) -> bool:
    """Are the days and places of this record withheld from a reader without texts?"""
    return hidden and record.level >= COARSE_FROM


def shown_day(when: PartialDate | date | None, *, by_month: bool) -> str | None:
    """The date, or its month."""
    text = told(when)
    return text[:7] if text and by_month else text


def own_part(record: Any, *, by_month: bool = False) -> dict[str, Any]:
    """What every record tells of itself; the moment of a change would tell the day of a meeting."""
    moment = {} if by_month else {"updated_at": record.updated_at}
    return {"id": record.pk, "level": record.level, "version": record.version, **moment}


def place_part(record: Any, *, hidden: bool) -> dict[str, str]:
    detail = {} if hidden else {"detail": record.place_detail}
    return {"country": record.place_country, "admin1": record.place_admin1, **detail}


def state_part(record: Any, column: str) -> str:
    """`state` of a record that goes through states of its own."""
    own: str = getattr(record, column)
    return record.state if record.state == "withdrawn" else own


def children(
    wanted: bool, rows: QuerySet[M], key: str, parents: Sequence[Any]
) -> dict[UUID, list[M]]:
    """The children of all parents in one statement, each tied to its parent."""
    found: dict[UUID, list[M]] = {}
    if not wanted or not parents:
        return found
    by_id = {parent.pk: parent for parent in parents}
    for row in rows.filter(**{f"{key}__in": list(by_id)}):
        setattr(row, key, by_id[getattr(row, f"{key}_id")])
        found.setdefault(getattr(row, f"{key}_id"), []).append(row)
    return found


def ids_shown(scope: QuerySet[Any], ids: Iterable[UUID | None]) -> frozenset[UUID]:
    """Those of these records that lie in the scope: one statement, none for no ids."""
    wanted = {pk for pk in ids if pk is not None}
    if not wanted:
        return frozenset()
    return frozenset(scope.filter(pk__in=wanted).order_by().values_list("pk", flat=True))


def only(pk: UUID | None, shown: frozenset[UUID]) -> UUID | None:
    return pk if pk in shown else None


def taken(data: Mapping[str, Any], names: Mapping[str, str] | Iterable[str]) -> dict[str, Any]:
    """The sent fields of these names, under the names of the content that they go into."""
    pairs = names.items() if isinstance(names, Mapping) else ((name, name) for name in names)
    return {column: data[name] for name, column in pairs if name in data}
