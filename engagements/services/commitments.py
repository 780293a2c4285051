"""Store what an armed group bound itself to: the text, its clauses, and how both fare over time.

Statuses and states of clauses are dated and never overwritten; the newest is the present one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.access import Viewer, may_in
from engagements.details import CODES
from engagements.models import (
    Clause,
    ClauseState,
    Commitment,
    CommitmentSource,
    CommitmentStatus,
    Dossier,
)
from engagements.selectors.touched import dossiers_bound_by
from engagements.services.changes import Ground, Noun, raise_faults, text
from engagements.services.levels import level_after_change, level_for_new
from engagements.services.meeting_rules import GRADES
from records.dates import PartialDate
from records.versions import require_version

LONGEST = 4000
MOST_ROWS = 200
SHIFT = 10_000  # clauses on their way to a new position stand above every position in use
PARTIES = {"kind": "party_kinds", "role": "party_roles"}
TEXTS = ("title", "conditions", "reservations", "note")

Fault = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class ClauseContent:
    norm: str
    obligation: str
    text: str
    state: str = "promised"


@dataclass(frozen=True, kw_only=True)
class SourceContent:
    kind: str
    reference: str
    date: PartialDate | None = None
    grade: str = ""


@dataclass(frozen=True, kw_only=True)
class CommitmentContent:
    """A commitment in the API's names. `status_since` dates the status where it is a new one.

    `parties` are objects {name, kind, role, note}; `level` None asks for the lowest that the
    dossiers allow: the default is theirs.
    """

    dossiers: tuple[Dossier, ...]
    instrument: str
    title: str
    status: str
    signed_on: PartialDate | None = None
    in_force_from: PartialDate | None = None
    ended_on: PartialDate | None = None
    review_on: date | None = None
    parties: tuple[Mapping[str, str], ...] = ()
    norms: tuple[str, ...] = ()
    clauses: tuple[ClauseContent, ...] = ()
    status_since: PartialDate | None = None
    legal_effect: str = ""
    verification: str = "V0"
    conditions: str = ""
    reservations: str = ""
    note: str = ""
    sources: tuple[SourceContent, ...] = ()
    level: int | None = None


PLAIN = (
    "instrument", "title", "status", "signed_on", "in_force_from", "ended_on", "review_on",
    "legal_effect", "verification", "conditions", "reservations", "note",
)  # fmt: skip


def commitment_content(row: Commitment) -> CommitmentContent:
    """What the stored commitment says now."""
    plain: dict[str, Any] = {name: getattr(row, name) for name in PLAIN}
    return CommitmentContent(
        dossiers=tuple(row.dossiers.all()),
        parties=tuple(row.parties),
        norms=tuple(row.norms),
        clauses=tuple(
            ClauseContent(
                norm=one.norm, obligation=one.obligation, text=one.text, state=one.progress
            )
            for one in row.clauses.all()
        ),
        sources=tuple(
            SourceContent(kind=one.source, reference=one.reference, date=one.dated, grade=one.grade)
            for one in row.sources.all()
        ),
        level=row.level,
        **plain,
    )


def _said(row: Commitment) -> tuple[dict[str, Any], dict[str, Any]]:
    content = commitment_content(row)
    days = ("signed_on", "in_force_from", "ended_on", "review_on")
    body = {name: getattr(content, name) for name in PLAIN if name not in days}
    body |= {name: text(getattr(content, name)) for name in days}
    body["dossiers"] = [str(one.pk) for one in content.dossiers]
    body["parties"] = list(content.parties)
    body["norms"] = list(content.norms)
    body["clauses"] = [
        {"norm": one.norm, "obligation": one.obligation, "text": one.text, "state": one.state}
        for one in content.clauses
    ]
    body["sources"] = [
        {"kind": one.kind, "reference": one.reference, "date": text(one.date), "grade": one.grade}
        for one in content.sources
    ]
    return body, {}


COMMITMENTS = Noun(Commitment, said=_said, touches=dossiers_bound_by)


@transaction.atomic
def record_commitment(
    viewer: Viewer, content: CommitmentContent, *, pk: UUID | None = None, digest: str = ""
) -> Commitment:
    """Store a new commitment. Raises ValidationError (by field), PermissionDenied."""
    raise_faults(_faults(content))
    ground = _ground(content)
    if not may_in(viewer, "c", "commitment", ground.context_id, level=ground.level):
        raise PermissionDenied
    row = Commitment(
        pk=pk or uuid4(),
        context=ground.context,
        level=level_for_new(viewer, content.level, default=ground.level, within=ground),
        first_digest=digest,
        created_by=viewer.user,
    )
    _write(row, content)
    row.save(force_insert=True)
    _write_rows(row, content, old_status="")
    COMMITMENTS.mark(row, dossiers_bound_by(row), level=row.level)
    return row


@transaction.atomic
def change_commitment(
    viewer: Viewer, pk: UUID, content: CommitmentContent, *, version: int | None, reason: str = ""
) -> Commitment:
    """Store a new version; the old one is kept. Raises Http404, Conflict, ValidationError,
    PermissionDenied.
    """
    row = COMMITMENTS.locked(viewer, pk, "u")
    require_version(row, version)
    raise_faults(_faults(content))
    ground = _ground(content)
    if ground.context_id != row.context_id:
        raise ValidationError({"dossiers": "A commitment stays in its context."})
    touched, old_level, old_status = set(dossiers_bound_by(row)), row.level, row.status
    level = level_after_change(viewer, row, content.level, within=ground, reason=reason)
    COMMITMENTS.keep(viewer, row, reason)
    _write(row, content)
    row.level = level
    row.save()
    _write_rows(row, content, old_status=old_status)
    touched |= set(dossiers_bound_by(row))
    COMMITMENTS.mark(row, touched, level=min(old_level, level))
    return row


def _ground(content: CommitmentContent) -> Any:
    """The context of the dossiers, at the highest level among their engagements."""
    contexts = {one.context_id for one in content.dossiers}
    groups = {one.engagement.armed_group_id for one in content.dossiers}
    if len(contexts) > 1 or len(groups) > 1:
        raise ValidationError({"dossiers": "Choose dossiers on one armed group in one context."})
    level = max(max(one.level, one.engagement.level) for one in content.dossiers)
    return Ground(content.dossiers[0].context, level)


def _write(row: Commitment, content: CommitmentContent) -> None:
    for name in PLAIN:
        setattr(row, name, getattr(content, name))
    row.parties = [dict(party) for party in content.parties]
    row.norms = list(content.norms)


def _write_rows(row: Commitment, content: CommitmentContent, *, old_status: str) -> None:
    row.dossiers.set(content.dossiers)
    if content.status != old_status:
        step = CommitmentStatus(commitment=row, status=content.status)
        step.since = content.status_since
        step.save()
    row.sources.all().delete()
    for one in content.sources:
        source = CommitmentSource(commitment=row, source=one.kind, reference=one.reference)
        source.dated, source.grade = one.date, one.grade
        source.save()
    _write_clauses(row, content.clauses)


def _write_clauses(row: Commitment, wanted: Sequence[ClauseContent]) -> None:
    """A clause that still says the same keeps its row and its dated states; the rest is replaced.

    What a removed or reworded clause said stays in the kept version of the commitment.
    """
    stored = {(one.norm, one.obligation, one.text): one for one in row.clauses.all()}
    kept = {_wording(one) for one in wanted} & stored.keys()
    row.clauses.exclude(pk__in=[stored[key].pk for key in kept]).delete()
    for key in kept:
        Clause.objects.filter(pk=stored[key].pk).update(position=stored[key].position + SHIFT)
    for position, one in enumerate(wanted):
        _write_clause(row, position, one, stored.get(_wording(one)))


def _wording(one: ClauseContent) -> tuple[str, str, str]:
    return one.norm, one.obligation, one.text


def _write_clause(
    row: Commitment, position: int, one: ClauseContent, stored: Clause | None
) -> None:
    clause = stored or Clause(
        commitment=row, norm=one.norm, obligation=one.obligation, text=one.text
    )
    is_new_state = stored is None or stored.progress != one.state
    clause.position, clause.progress = position, one.state
    clause.save()
    if is_new_state:
        ClauseState.objects.create(clause=clause, progress=one.state)


def _faults(content: CommitmentContent) -> Iterator[Fault]:
    if not content.dossiers:
        yield "dossiers", "Choose at least one dossier that this commitment binds."
    if not content.title.strip():
        yield "title", "Give the commitment a title."
    if len(content.title) > 300:
        yield "title", "Keep the title under 300 characters."
    for name in TEXTS[1:]:
        if len(getattr(content, name)) > LONGEST:
            yield name, f"Keep this under {LONGEST} characters."
    yield from _code("instrument", content.instrument, "instruments")
    yield from _code("status", content.status, "commitment_statuses")
    yield from _code("verification", content.verification, "verification")
    if content.legal_effect:
        yield from _code("legal_effect", content.legal_effect, "legal_effects")
    if any(code == "GEN" or code not in CODES["norms"] for code in content.norms):
        yield "norms", "Choose from N01 to N20."
    for name in ("clauses", "parties", "sources"):
        if len(getattr(content, name)) > MOST_ROWS:
            yield name, f"At most {MOST_ROWS} rows."
    yield from _row_faults(content)


def _row_faults(content: CommitmentContent) -> Iterator[Fault]:
    for clause in content.clauses:
        yield from _code("clauses", clause.norm, "norms")
        yield from _code("clauses", clause.obligation, "clause_obligations")
        yield from _code("clauses", clause.state, "clause_states")
        if not clause.text.strip() or len(clause.text) > LONGEST:
            yield "clauses", f"Write each clause, in at most {LONGEST} characters."
    if len({_wording(one) for one in content.clauses}) < len(content.clauses):
        yield "clauses", "Write each clause once."
    for party in content.parties:
        if not party.get("name", "").strip():
            yield "parties", "Name each party."
        for key, codes in PARTIES.items():
            yield from _code("parties", party.get(key, ""), codes)
    for source in content.sources:
        yield from _code("sources", source.kind, "source_kinds")
        if not source.reference.strip() or len(source.reference) > 400:
            yield "sources", "Say where each source is to be found, in at most 400 characters."
        if source.grade and source.grade not in GRADES:
            yield "sources", "A grade is a letter A-F and a figure 1-6, such as B2."


def _code(field: str, value: str, codes: str) -> Iterator[Fault]:
    if value not in CODES[codes]:
        yield field, f"Choose one of: {', '.join(map(str, CODES[codes].values()))}."
