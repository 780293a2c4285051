"""NGOs and armed groups: known in a context, or on the list of the whole organisation."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms

from accounts.access import Viewer, grants_for
from actors.access import groups_visible_to
from actors.models import ArmedGroup, Ngo
from actors.models.reference import CODES
from engagements.forms.dated_rows import LineageRow, ListingRow, NameRow, OutsideIdRow
from engagements.forms.entry import (
    MOST_CHOICES,
    Entry,
    PartialField,
    Told,
    codes,
    contexts_for,
    grade,
    level_field,
    pick,
    rows_said,
    text,
    tick,
    words,
)
from engagements.forms.rows import Row
from records.models.records import CURRENT

REFERENCE_LIST = "the reference list, for the whole organisation"
NAME = ("name", "kind", "language", "begun", "ended", "source")
OUTSIDE_ID = ("scheme", "value", "release", "checked_on")
DEFAULT_LEVEL = 3  # of what is recorded of a group, unless its file says otherwise
TWICE = "The same id stands here twice."


class ReferenceForm(Entry):
    """What NGOs and armed groups share. The name itself is no row among the other names."""

    kind = ""
    headings = {"names": "Other names", "external_ids": "In other registers"}
    name = words("Name", 200, required=True)
    note = text("Note", help_text="Public knowledge only.")
    context = pick("Known in", (), required=False)
    level = level_field()

    def prepare(self) -> None:
        listed = grants_for(self.viewer, "c", "reference")
        if self.record is None:
            empty = REFERENCE_LIST if listed else None
            self.offer("context", contexts_for(self.viewer, self.kind), empty=empty)
            return
        self.fields[
            "name"
        ].help_text = "Did it take a new name? Then write the old one below, as a former name."
        del self.fields["context"]
        if self.record.context_id is None:
            del self.fields["level"]
        elif listed and self.viewer.role(self.record.context_id) == "head":
            self.fields["lifted"] = forms.BooleanField(
                label=f"Put it on {REFERENCE_LIST}", required=False
            )

    def row_makers(self) -> dict[str, Callable[..., Row]]:
        return {"names": NameRow, "external_ids": OutsideIdRow}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if len(told.get("note", "")) > 5000:
            self.add_error("note", "Keep this under 5000 characters.")
        ids = [
            (row["scheme"].value(), row["value"].value())
            for row in self.rows["external_ids"].filled()
        ]
        if len(set(ids)) < len(ids):
            self.add_error(None, TWICE)
        return told

    @classmethod
    def said_of(cls, viewer: Viewer, record: Any) -> Told:
        return {
            "name": record.name,
            "note": record.note,
            "level": record.level if record.context_id else None,
            **rows_said("names", _rows(_other_names(record), NAME)),
            **rows_said("external_ids", _rows(record.external_ids.all(), OUTSIDE_ID)),
        }

    def told_of_all(self) -> Told:
        """Everything that the form holds, as the services of actors take it."""
        told: Told = {name: self.cleaned_data[name] for name in ("name", "note")}
        told |= {name: list(rows.contents()) for name, rows in self.rows.items()}
        if self.record is None:
            told["context"] = self.chosen("context")
            if self.wanted_level and told["context"] is not None:
                told["level"] = self.wanted_level
        return told

    def told(self) -> Told:
        raise NotImplementedError

    def corrected(self) -> Told:
        """What differs from the stored record; all the rest stays to the letter."""
        pieces = self.changed()
        told = {name: value for name, value in self.told().items() if name in pieces}
        if "names" in told:
            told["names"] = [*self._present_names(), *told["names"]]
        if "level" in pieces:
            told["level"] = self.wanted_level
        if self.cleaned_data.get("lifted"):
            told |= {"context": None, "level": 1}
        return told

    def _present_names(self) -> list[Told]:
        """The rows of the name and the acronym: not among the other names, but with what is
        known of them, under what they are called now.
        """
        shown = {row.pk for row in _other_names(self.record)}
        kept = [row for row in self.record.names.all() if row.pk not in shown]
        now = {"official": "name", "acronym": "acronym"}
        return [
            row | {"name": self.cleaned_data[now[row["kind"]]]}
            for row in _rows(kept, NAME)
            if self.cleaned_data[now[row["kind"]]]
        ]


def _other_names(record: Any) -> list[Any]:
    present = {("official", record.name), ("acronym", getattr(record, "acronym", ""))}
    rows = record.names.order_by("kind", "name", "pk")
    return [row for row in rows if (row.kind, row.name) not in present]


def _rows(rows: Any, fields: tuple[str, ...]) -> list[Told]:
    return [{name: getattr(row, name) for name in fields} for row in rows]


class NgoForm(ReferenceForm):
    title = "Add an NGO"
    correcting = "Correct the NGO"
    kind = "ngo"
    renamed = {"types": "main_type"}
    acronym = words("Acronym", 30)
    main_type = pick("Main way of working", codes(CODES, "ngo_types"), widget=forms.RadioSelect)
    further_types = tick("Further ways", codes(CODES, "ngo_types"), required=False)

    field_order = ["pk", "name", "acronym", "main_type", "further_types", "note", "context"]

    @classmethod
    def said_of(cls, viewer: Viewer, record: Ngo) -> Told:
        types = list(record.types.all())
        return super().said_of(viewer, record) | {
            "acronym": record.acronym,
            "main_type": [row.type for row in types if row.primary],
            "further_types": [row.type for row in types if not row.primary],
        }

    def told(self) -> Told:
        main = self.cleaned_data["main_type"]
        further = [code for code in self.cleaned_data["further_types"] if code != main]
        types = [{"type": main, "primary": True}]
        return self.told_of_all() | {
            "acronym": self.cleaned_data["acronym"],
            "types": types + [{"type": code, "primary": False} for code in further],
        }

    def changed(self) -> set[str]:
        pieces = super().changed()
        return pieces | ({"types"} if pieces & {"main_type", "further_types"} else set())


class GroupForm(ReferenceForm):
    title = "Add an armed group"
    correcting = "Correct the armed group"
    kind = "armed_group"
    headings = ReferenceForm.headings | {
        "lineage": "Lineage",
        "listings": "Listings and restrictions",
    }
    countries = words("Countries", help_text="Two-letter codes, for example XV XK.")
    structure = pick("Structure", codes(CODES, "group_structures"), initial="UNK")
    motive = tick("Motive", codes(CODES, "group_motives"), required=False)
    active_from = PartialField("Active from")
    active_from_grade = grade("Grade of that date", required=False)
    active_to = PartialField("Active to")
    default_level = pick(
        "Level of new records about it",
        [("", "the usual one, 3"), *((str(n), str(n)) for n in (1, 2, 3, 4))],
        required=False,
    )

    field_order = [
        "pk", "name", "countries", "structure", "motive", "active_from", "active_from_grade",
        "active_to", "note", "default_level",
    ]  # fmt: skip

    def row_makers(self) -> dict[str, Callable[..., Row]]:
        groups = {str(row.pk): row for row in self._kin()}
        kin: Callable[..., Row] = partial(LineageRow, groups=groups)
        return {**super().row_makers(), "lineage": kin, "listings": ListingRow}

    def _kin(self) -> list[ArmedGroup]:
        """The first thousand by name, and those that are kin already."""
        known = groups_visible_to(self.viewer)
        found = list(known.filter(state=CURRENT).order_by("name")[:MOST_CHOICES])
        if self.record is None:
            return found
        kin = known.filter(lineage_of__group=self.record).distinct()
        there = {row.pk for row in found}
        found += [row for row in kin if row.pk not in there]
        return [row for row in found if row != self.record]

    @classmethod
    def said_of(cls, viewer: Viewer, record: ArmedGroup) -> Told:
        kin = record.lineage.filter(other__in=groups_visible_to(viewer))
        span = ("begun", "ended", "source")
        return super().said_of(viewer, record) | {
            **{name: getattr(record, name) for name in PLAIN},
            "countries": " ".join(record.countries),
            **rows_said(
                "lineage",
                [
                    row | {"relation": one.relation, "group": one.other_id}
                    for one, row in zip(kin, _rows(kin, span), strict=True)
                ],
            ),
            **rows_said("listings", _rows(record.listings.all(), ("list", *span, "grade"))),
        }

    def clean_countries(self) -> list[str]:
        found = [
            word.upper() for word in re.split(r"[\s,;]+", self.cleaned_data["countries"]) if word
        ]
        if any(not re.fullmatch("[A-Z]{2}", word) for word in found):
            raise forms.ValidationError("Write two-letter country codes, such as XV XK.")
        return list(dict.fromkeys(found))

    def clean(self) -> Told:
        told = super().clean()
        begun, ended = told.get("active_from"), told.get("active_to")
        if begun and ended and ended.last < begun.first:
            self.add_error("active_to", "The group ends before it begins. Check both dates.")
        return told

    def told(self) -> Told:
        told = self.told_of_all() | {name: self.cleaned_data[name] for name in PLAIN}
        level = int(self.cleaned_data["default_level"] or DEFAULT_LEVEL)
        return told | {"countries": self.cleaned_data["countries"], "default_level": level}


PLAIN = ("structure", "motive", "active_from", "active_from_grade", "active_to", "default_level")
