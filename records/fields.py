"""Field types that a record needs: sealed text, partial dates, lists of codes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.db.models.query_utils import DeferredAttribute

from records.dates import PRECISIONS, PartialDate, Precision
from records.sealing import seal, unseal


class Ciphertext(bytes):
    """A sealed value as stored. It opens when the field is read from its own row."""


class SealedAttribute(DeferredAttribute):
    """Opens the value at first reading, so that lists do not pay for text they do not show."""

    field: SealedTextField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Ciphertext):
            return value
        opened = self.field.opened(value, instance)
        instance.__dict__[self.field.attname] = opened
        return opened

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text encrypted under its context's key, bound to model, field, row and context.

    The model must have its primary key before saving (a UUID default) and a `compartment`
    attribute: the id of the context whose key seals it, or None for the organisation's.
    Empty text is stored as empty, not sealed. Queries can only ask whether it is empty.
    """

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", b"")
        kwargs["editable"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["editable"] = True
        return name, path, args, kwargs

    def place(self, row: Any) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}:{row}"

    def opened(self, value: bytes, instance: Any) -> Any:
        """The plain value of a ciphertext read from `instance`'s row."""
        return self.open_row(value, row=instance.pk, compartment=instance.compartment)

    def open_row(self, value: bytes, *, row: Any, compartment: Any) -> Any:
        """The plain value of a ciphertext read by `values()`; the caller names its row."""
        if not value:
            return self.from_text("")
        return self.from_text(unseal(value, place=self.place(row), compartment=compartment))

    def pre_save(self, model_instance: Any, add: bool) -> bytes:
        text = self.to_text(getattr(model_instance, self.attname))
        if not text:
            return b""
        place = self.place(model_instance.pk)
        return seal(text, place=place, compartment=model_instance.compartment)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str | dict | list):
            raise TypeError(f"{self.attname} is sealed: write it by saving its row.")
        return super().get_prep_value(value)

    def from_db_value(self, value: Any, *_: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(value)

    def to_python(self, value: Any) -> Any:
        return value

    def to_text(self, value: Any) -> str:
        return value or ""

    def from_text(self, text: str) -> Any:
        return text

    def value_to_string(self, obj: Any) -> str:
        raise TypeError("Sealed values are not serialised.")

    def get_default(self) -> Any:
        return self.from_text("")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in ("isnull", "exact", "in"):
            raise TypeError("Sealed values cannot be searched by the database.")
        return super().get_lookup(lookup_name)


class SealedJSONField(SealedTextField):
    """A JSON object, sealed as a whole. Empty is {}."""

    def to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""

    def from_text(self, text: str) -> Any:
        return json.loads(text) if text else {}


class PartialDateAttribute(property):
    """Reads and writes the two columns of a partial date as one PartialDate or None."""

    def __init__(self, name: str) -> None:
        self.first, self.precision = f"{name}_first", f"{name}_precision"
        super().__init__(self._read, self._write)

    def _read(self, instance: Any) -> PartialDate | None:
        first = getattr(instance, self.first)
        return None if first is None else PartialDate(first, getattr(instance, self.precision))

    def _write(self, instance: Any, value: PartialDate | date | str | None) -> None:
        value = as_partial(value)
        setattr(instance, self.first, value and value.first)
        setattr(instance, self.precision, value.precision if value else None)


def as_partial(value: PartialDate | date | str | None) -> PartialDate | None:
    """A day, a text ("1993-05") or a partial date as a PartialDate; NotADate for other text."""
    if isinstance(value, str):
        return PartialDate.parse(value) if value else None
    return PartialDate(value) if isinstance(value, date) else value


class PartialDateField:
    """Declares `<name>_first` (date) and `<name>_precision` columns and the attribute `<name>`."""

    def __init__(self, *, null: bool = False) -> None:
        self.null = null

    if TYPE_CHECKING:  # in place of this declaration a row has a PartialDateAttribute

        def __get__(self, instance: Any, owner: Any = None) -> Any: ...

        def __set__(self, instance: Any, value: PartialDate | date | str | None) -> None: ...

    def contribute_to_class(self, cls: type[models.Model], name: str) -> None:
        first = models.DateField(null=self.null, blank=self.null)
        first.contribute_to_class(cls, f"{name}_first")
        precision = models.CharField(
            max_length=6, null=self.null, blank=self.null, choices=[(p, p) for p in PRECISIONS]
        )
        precision.contribute_to_class(cls, f"{name}_precision")
        setattr(cls, name, PartialDateAttribute(name))


def partial_date_constraint(model: str, name: str) -> models.CheckConstraint:
    """A date and its precision are both there or both absent, and the precision is known."""
    both = Q(**{f"{name}_first__isnull": False, f"{name}_precision__in": PRECISIONS})
    neither = Q(**{f"{name}_first__isnull": True, f"{name}_precision__isnull": True})
    return models.CheckConstraint(condition=both | neither, name=f"{model}_{name}_is_partial_date")


class CodesField(models.TextField):  # type: ignore[type-arg]
    """A list of codes in one column, written " L1 L3 " so that one code is found whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: Any) -> list[str]:
        return value.split() if value else []

    def to_python(self, value: Any) -> list[str]:
        return value.split() if isinstance(value, str) else list(value or ())

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return stored_codes(value)


def stored_codes(codes: Iterable[str]) -> str:
    """The column's text for these codes; "" for none."""
    joined = " ".join(codes)
    return f" {joined} " if joined else ""


def has_code(field: str, code: str) -> Q:
    """Rows whose list in `field` holds `code`."""
    return Q(**{f"{field}__contains": f" {code} "})


__all__ = [
    "Ciphertext",
    "CodesField",
    "PartialDateField",
    "Precision",
    "SealedJSONField",
    "SealedTextField",
    "as_partial",
    "has_code",
    "partial_date_constraint",
    "stored_codes",
]
