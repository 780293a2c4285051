"""What an armed group bound itself to: the text, its clauses, its parties, its sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from accounts.access import Viewer
from engagements.access import dossiers_visible_to
from engagements.details import CODES
from engagements.forms import choices
from engagements.forms.entry import (
    MOST_CHOICES,
    Entry,
    PartialField,
    as_uuid,
    codes,
    grade,
    level_field,
    pick,
    rows_said,
    text,
    tick,
    words,
)
from engagements.forms.rows import Row
from engagements.models import Commitment
from engagements.services.commitments import (
    ClauseContent,
    CommitmentContent,
    SourceContent,
    commitment_content,
)
from engagements.services.hidden import with_hidden_dossiers
from records.models.records import CURRENT


def _listed(label: str, name: str, empty: str = "choose") -> Any:
    return choices.pick(label, choices.choices_of(CODES[name]), empty)


class ClauseRow(Row):
    tells = ("text",)
    text = choices.text("What it says", 4000)
    norm = _listed("Topic", "norms")
    obligation = _listed("Duty", "clause_obligations")
    state = _listed("Where it stands", "clause_states", "promised, as a new one")

    def clean(self) -> None:
        self.need("norm", "Choose the topic of this clause.")
        self.need("obligation", "Say whether it is to be done or left undone.")

    def content(self) -> ClauseContent:
        said = self.cleaned_data
        return ClauseContent(**{**said, "state": said["state"] or "promised"})


class PartyRow(Row):
    tells = ("name",)
    name = choices.line("Name", 200)
    kind = _listed("What it is", "party_kinds")
    role = _listed("Its part", "party_roles")
    note = choices.line("Note", 300)

    def clean(self) -> None:
        self.need("kind", "Say what kind of party this is.")
        self.need("role", "Say what part it has.")

    def content(self) -> Mapping[str, str]:
        return dict(self.cleaned_data)


class SourceRow(Row):
    tells = ("reference",)
    reference = choices.line("Where it is to be found", 400)
    kind = _listed("Kind of source", "source_kinds")
    date = PartialField("Dated")
    grade = grade(required=False)

    def clean(self) -> None:
        self.need("kind", "Say what kind of source this is.")

    def content(self) -> SourceContent:
        return SourceContent(**self.cleaned_data)


class CommitmentForm(Entry):
    title = "Record a commitment"
    correcting = "Correct the commitment"
    renamed = {"title": "name"}
    headings = {"clauses": "Clauses", "parties": "Parties", "sources": "Sources"}

    name = words("Title of the text or undertaking", 300, required=True)
    dossiers = tick("Dossiers that it binds", ())
    instrument = pick("Instrument", codes(CODES, "instruments", empty="choose"))
    status = pick("Status", codes(CODES, "commitment_statuses", empty="choose"))
    status_since = PartialField("Since when")
    signed_on = PartialField("Signed")
    in_force_from = PartialField("In force from")
    ended_on = PartialField("Ended")
    review_on = choices.day("Review due")
    legal_effect = pick(
        "Legal effect", codes(CODES, "legal_effects", empty="not judged"), required=False
    )
    verification = pick("Verification", codes(CODES, "verification"), initial="V0")
    norms = tick(
        "Topics", [pair for pair in codes(CODES, "norms") if pair[0] != "GEN"], required=False
    )
    conditions = text("Conditions that the group sets")
    reservations = text("Reservations")
    note = text("Note")
    level = level_field()

    def prepare(self) -> None:
        rows = self._bound_here() if self.record is not None else self._open_to_all()
        rows = rows.select_related("engagement__ngo", "engagement__armed_group").distinct()
        self.offer(
            "dossiers", rows.order_by("engagement__armed_group__name", "norm")[:MOST_CHOICES]
        )
        if self.record is not None:
            self.fields[
                "status_since"
            ].help_text = "Of a new status only; earlier ones keep their dates."

    def _open_to_all(self) -> Any:
        rows = dossiers_visible_to(self.viewer, verb="u").filter(state=CURRENT)
        given = as_uuid(str(self.initial.get("armed_group", "")))
        return rows if given is None else rows.filter(engagement__armed_group=given)

    def _bound_here(self) -> Any:
        """The dossiers of the group that is bound, in this context."""
        known = dossiers_visible_to(self.viewer).filter(context=self.record.context_id)
        group = known.filter(commitments=self.record).values("engagement__armed_group")
        of_group = known.filter(engagement__armed_group__in=group, state=CURRENT)
        return of_group | known.filter(commitments=self.record)

    def row_makers(self) -> dict[str, Callable[..., Row]]:
        return {"clauses": ClauseRow, "parties": PartyRow, "sources": SourceRow}

    def label_of(self, row: Any) -> str:
        group, ngo = row.engagement.armed_group.name, row.engagement.ngo.name
        return f"{group}, {CODES['norms'].label(row.norm)} ({ngo})"

    @classmethod
    def said_of(cls, viewer: Viewer, record: Commitment) -> dict[str, Any]:
        content = commitment_content(record)
        bound = dossiers_visible_to(viewer).filter(commitments=record)
        return {
            **{name: getattr(content, name) for name in PLAIN},
            "name": content.title,
            "dossiers": list(bound.values_list("pk", flat=True)),
            "norms": content.norms,
            "level": content.level,
            **rows_said("clauses", map(vars, content.clauses)),
            **rows_said("parties", content.parties),
            **rows_said("sources", map(vars, content.sources)),
        }

    def content(self) -> CommitmentContent:
        told = self.cleaned_data
        rows: dict[str, Any] = {name: rows.contents() for name, rows in self.rows.items()}
        return CommitmentContent(
            title=told["name"],
            dossiers=self.all_chosen("dossiers"),
            norms=tuple(told["norms"]),
            status_since=told["status_since"],
            level=self.wanted_level,
            **rows,
            **{name: told[name] for name in PLAIN},
        )

    def corrected(self) -> CommitmentContent:
        """The stored commitment with what the form says; dossiers out of sight stay bound."""
        told = {name: getattr(self.content(), name) for name in CONTENT}
        stored = commitment_content(self.record)
        return with_hidden_dossiers(self.viewer, stored, replace(stored, **told))


PLAIN = (
    "instrument", "status", "signed_on", "in_force_from", "ended_on", "review_on",
    "legal_effect", "verification", "conditions", "reservations", "note",
)  # fmt: skip
CONTENT = (
    *PLAIN, "title", "dossiers", "norms", "status_since", "level", "clauses", "parties", "sources",
)  # fmt: skip
