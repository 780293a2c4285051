"""Serializer fields for what the register's records are made of: dates, codes, grades, ids.

They read strictly, and their refusals are sentences. Output does not pass through them; they
also describe the fields in the schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from records.codes import CodeList
from records.dates import NotADate, PartialDate

NO_SUCH = "There is no such record, or it is not yours to see."


class Text(serializers.CharField):
    """Text and nothing else: a number or a yes is not quietly written out."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("Write text here.")
        told: str = super().to_internal_value(data)
        return told


@extend_schema_field(OpenApiTypes.STR)
class PartialDateInput(serializers.Field):  # type: ignore[type-arg]
    """ "1993", "1993-05" or "1993-05-17" as a PartialDate."""

    def to_internal_value(self, data: Any) -> PartialDate:
        if not isinstance(data, str):
            raise serializers.ValidationError("Write a date as text, such as 2024-05-17 or 2024.")
        try:
            return PartialDate.parse(data)
        except NotADate as error:
            raise serializers.ValidationError(str(error)) from None

    def to_representation(self, value: Any) -> str:
        return str(value)


class _OfAList:
    """A field made with a code list: copied per serializer, while the list is shared as it is."""

    _args: tuple[Any, ...]
    _kwargs: dict[str, Any]

    def __deepcopy__(self, memo: Any) -> Any:
        return type(self)(*self._args, **self._kwargs)


class CodeInput(_OfAList, serializers.ChoiceField):
    """One code of a list."""

    def __init__(self, codes: CodeList, **kwargs: Any) -> None:
        self.codes = codes
        super().__init__(choices=codes.choices(), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if data == "" and self.allow_blank:
            return ""
        if data not in self.codes:
            raise serializers.ValidationError(f"Choose one of {_offered(self.codes)}.")
        return data


class CodesInput(_OfAList, serializers.ListField):
    """A list of codes, each once, in the order of the list."""

    def __init__(self, codes: CodeList, **kwargs: Any) -> None:
        self.codes = codes
        super().__init__(child=CodeInput(codes), max_length=len(codes), **kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        told = set(super().to_internal_value(data))
        return [code for code in self.codes.values() if code in told]


class GradeInput(Text):
    """Source A-F and content 1-6, "B2"; "" is not graded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_blank": True, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        told = super().to_internal_value(data)
        if told and not re.fullmatch("[A-F][1-6]", told):
            sentence = "Write a grade as one letter A-F and one figure 1-6, like B2."
            raise serializers.ValidationError(sentence)
        return told


class CountriesInput(serializers.ListField):
    """ISO 3166 two-letter codes, each once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=Text(), max_length=60, **kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        told = super().to_internal_value(data)
        if not all(re.fullmatch("[A-Z]{2}", code) for code in told):
            raise serializers.ValidationError("Write countries as two capital letters, like SS.")
        return list(dict.fromkeys(told))


class LevelInput(serializers.IntegerField):
    """Sensitivity, 1 (open) to 4 (strictly confidential)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=4, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            raise serializers.ValidationError("A level is 1, 2, 3 or 4.")
        told: int = super().to_internal_value(data)
        return told


class Row(serializers.Serializer):  # type: ignore[type-arg]
    """One row of a list inside a record; a field that it does not know is refused."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = [name for name in data if name not in self.fields] if type(data) is dict else []
        if unknown:
            raise serializers.ValidationError({unknown[0][:60]: "There is no such field here."})
        return super().to_internal_value(data)


class Dated(Row):
    """A row that held `from` and `to` partial dates: stored as `begun` and `ended`."""

    def get_fields(self) -> dict[str, Any]:
        told: dict[str, Any] = {"required": False, "allow_null": True, "default": None}
        ends = {"from": "begun", "to": "ended"}
        dates = {name: PartialDateInput(source=column, **told) for name, column in ends.items()}
        return {**super().get_fields(), **dates}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        begun, ended = attrs["begun"], attrs["ended"]
        if begun and ended and ended.last < begun.first:
            sentence = "The end lies before the beginning. Check both dates."
            raise serializers.ValidationError({"to": sentence})
        return attrs


class Rows(serializers.ListSerializer):  # type: ignore[type-arg]
    """A list inside a record. Sent, it is the whole list: each row is complete, also in a PATCH."""

    def __init__(self, row: type[Row], **kwargs: Any) -> None:
        super().__init__(child=row(), **{"max_length": 200, **kwargs})

    def run_child_validation(self, data: Any) -> Any:
        # A row of its own, because under PATCH the framework passes over what a row lacks.
        kind: Any = type(self.child)
        row = kind(data=data, context=self.context)
        row.is_valid(raise_exception=True)
        return row.validated_data


@extend_schema_field(OpenApiTypes.UUID)
class RecordInput(serializers.Field):  # type: ignore[type-arg]
    """The id of a record that the viewer may see; hidden and absent are refused alike.

    `scope(viewer)` gives the rows to choose from.
    """

    def __init__(self, scope: Callable[[Any], QuerySet[Any]], **kwargs: Any) -> None:
        self.scope = scope
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        found = self.scope(self.context["viewer"]).filter(pk=read_id(data)).first()
        if found is None:
            raise serializers.ValidationError(NO_SUCH, code="not_found")
        return found

    def to_representation(self, value: Any) -> str:
        return str(value)


def read_id(data: Any) -> UUID:
    """A UUID written the usual way; anything else is refused as an absent record is."""
    try:
        return UUID(data)
    except (ValueError, AttributeError, TypeError):
        raise serializers.ValidationError(NO_SUCH, code="not_found") from None


def _offered(codes: CodeList) -> str:
    words = [str(code) for code in codes.values()]
    return ", ".join(words) if len(words) <= 24 else f"the codes of /api/v1/codes/{codes.name}/"
