"""Code lists: the field's own vocabulary, kept as data beside the app that owns it.

An app's lists lie in `<app>/codes.toml`. Each table there is one list:

    [outcomes]
    title = "Outcomes of an interaction"
    source = "design"                      # provenance: seed, saw, title, recall or design
    codes = [
        {code = 0, en = "Heard, no movement", note = "..."},
    ]

`code` is what is stored and what the API speaks: text, or a whole number where the order is
a scale. A key named after a language is the label in that language; `note` and `source` say
more of the one code; every other key is free and ends up in `extra`. Nothing here knows
Django, so that the method can read the lists too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

Value = str | int

LANGUAGES = ("en", "fr", "es", "ar")
PROVENANCES = frozenset({"seed", "saw", "title", "recall", "design"})


class BadCodeList(ValueError):
    """A code list cannot be used as it stands; the message says which entry and why."""


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a list. `source` is the provenance, the list's own unless it has another."""

    code: Value
    labels: Mapping[str, str]
    note: str
    source: str
    extra: Mapping[str, Any]

    def label(self, language: str = "en") -> str:
        """The label in the language, in English where there is none yet."""
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True)
class CodeList:
    """An ordered list of codes; `extra` holds what is said of the list as a whole."""

    name: str
    title: str
    source: str
    note: str
    codes: tuple[Code, ...]
    extra: Mapping[str, Any]

    @cached_property
    def _by_code(self) -> dict[Value, Code]:
        return {entry.code: entry for entry in self.codes}

    def __contains__(self, code: object) -> bool:
        # True equals 1 and a list cannot be looked up: only text and whole numbers are codes.
        return type(code) in (str, int) and code in self._by_code

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, code: Value) -> Code:
        """The entry of a code; KeyError if the list has none such."""
        return self._by_code[code]

    def choices(self, language: str = "en") -> list[tuple[Value, str]]:
        """(code, label) in the order of the list, as Django's fields take them."""
        return [(entry.code, entry.label(language)) for entry in self.codes]

    def values(self) -> tuple[Value, ...]:
        """The codes alone, in the order of the list."""
        return tuple(entry.code for entry in self.codes)

    def label(self, code: Value, language: str = "en") -> str:
        """The label of a code; KeyError if the list has none such."""
        return self[code].label(language)

    def having(self, attribute: str, value: object = True) -> tuple[Value, ...]:
        """The codes whose extra attribute has the value: `types.having("norm_session")`."""
        return tuple(entry.code for entry in self.codes if entry.extra.get(attribute) == value)


@cache
def load(package: str, file: str = "codes.toml") -> Mapping[str, CodeList]:
    """The lists of one app by name, read once; BadCodeList if a list cannot be used."""
    tables = tomllib.loads(files(package).joinpath(file).read_text(encoding="utf-8"))
    return MappingProxyType({name: _code_list(name, table) for name, table in tables.items()})


def _code_list(name: str, table: dict[str, Any]) -> CodeList:
    told = dict(table)
    title, source, note = told.pop("title", ""), told.pop("source", ""), told.pop("note", "")
    if not title or source not in PROVENANCES:
        raise BadCodeList(f"{name}: a list needs a title and one of {sorted(PROVENANCES)}.")
    codes = tuple(_code(name, entry, source) for entry in told.pop("codes", ()))
    if not codes or len({entry.code for entry in codes}) < len(codes):
        raise BadCodeList(f"{name}: a list needs codes, and each of them once.")
    return CodeList(name, title, source, note, codes, _frozen(told))


def _code(name: str, entry: dict[str, Any], source: str) -> Code:
    told = dict(entry)
    code = told.pop("code", None)
    labels = {language: told.pop(language) for language in LANGUAGES if language in told}
    if type(code) not in (str, int) or not labels.get("en"):
        raise BadCodeList(f"{name}: {entry} needs a code (text or whole number) and a label `en`.")
    source = told.pop("source", source)
    if source not in PROVENANCES:
        raise BadCodeList(f"{name}: {code} names a source that is none of {sorted(PROVENANCES)}.")
    note = told.pop("note", "")
    return Code(code, MappingProxyType(labels), note, source, _frozen(told))


def _frozen(value: Any) -> Any:
    """Read-only all the way down: the lists are shared by every thread of the process."""
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(inner) for inner in value)
    return value
