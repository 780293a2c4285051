"""What an armed group bound itself to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from engagements.access import dossiers_visible_to
from engagements.details import CODES
from engagements.forms.entry import (
    MOST_CHOICES,
    Entry,
    PartialField,
    as_uuid,
    codes,
    grade,
    level_field,
    pick,
    text,
    tick,
    words,
)
from engagements.services.commitments import ClauseContent, CommitmentContent, SourceContent
from records.models.records import CURRENT

ROWS = 3


class CommitmentForm(Entry):
    title = "Record a commitment"
    name = words("Title of the text or undertaking", 300, required=True)
    dossiers = tick("Dossiers that it binds", ())
    instrument = pick("Instrument", codes(CODES, "instruments", empty="choose"))
    status = pick("Status", codes(CODES, "commitment_statuses", empty="choose"))
    signed_on = PartialField("Signed")
    verification = pick("Verification", codes(CODES, "verification"), initial="V0")
    norms = tick(
        "Topics", [pair for pair in codes(CODES, "norms") if pair[0] != "GEN"], required=False
    )
    conditions = text("Conditions that the group sets")
    source_kind = pick(
        "Kind of source", codes(CODES, "source_kinds", empty="none yet"), required=False
    )
    source_reference = words("Reference of the source", 400)
    source_grade = grade("Grade of the source", required=False)
    level = level_field()

    def prepare(self) -> None:
        rows = dossiers_visible_to(self.viewer, verb="u").filter(state=CURRENT)
        rows = rows.select_related("engagement__ngo", "engagement__armed_group")
        given = as_uuid(str(self.initial.get("armed_group", "")))
        if given is not None:
            rows = rows.filter(engagement__armed_group=given)
        self.offer(
            "dossiers", rows.order_by("engagement__armed_group__name", "norm")[:MOST_CHOICES]
        )
        for number in range(1, ROWS + 1):
            self.fields |= _clause_fields(number)

    def label_of(self, row: Any) -> str:
        group, ngo = row.engagement.armed_group.name, row.engagement.ngo.name
        return f"{group}, {CODES['norms'].label(row.norm)} ({ngo})"

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("source_reference") and not told.get("source_kind"):
            self.add_error("source_kind", "Say what kind of source this is.")
        for number in range(1, ROWS + 1):
            if told.get(f"clause_{number}") and not told.get(f"clause_{number}_norm"):
                self.add_error(f"clause_{number}_norm", "Choose the topic of this clause.")
        return told

    def content(self) -> CommitmentContent:
        told = self.cleaned_data
        plain = ("instrument", "status", "signed_on", "verification", "conditions")
        return CommitmentContent(
            title=told["name"],
            dossiers=tuple(self._offered["dossiers"][pk] for pk in told["dossiers"]),
            norms=tuple(told["norms"]),
            clauses=tuple(self._clauses()),
            sources=tuple(self._sources()),
            level=self.wanted_level,
            **{name: told[name] for name in plain},
        )

    def _clauses(self) -> Iterable[ClauseContent]:
        for number in range(1, ROWS + 1):
            if said := self.cleaned_data[f"clause_{number}"]:
                norm, duty = (self.cleaned_data[f"clause_{number}_{x}"] for x in ("norm", "duty"))
                yield ClauseContent(norm=norm, obligation=duty, text=said)

    def _sources(self) -> Iterable[SourceContent]:
        told = self.cleaned_data
        if told["source_reference"]:
            yield SourceContent(
                kind=told["source_kind"],
                reference=told["source_reference"],
                grade=told["source_grade"],
            )


def _clause_fields(number: int) -> dict[str, forms.Field]:
    norms = [("", "topic"), *codes(CODES, "norms")]
    return {
        f"clause_{number}": words(f"Clause {number}", 2000),
        f"clause_{number}_norm": pick(f"Topic of clause {number}", norms, required=False),
        f"clause_{number}_duty": pick(
            f"Duty of clause {number}", codes(CODES, "clause_obligations"), initial="do_not"
        ),
    }
