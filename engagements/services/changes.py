"""What every change of a record shares: it is found and held, what it said is kept, the scores that
it moves are asked for anew, all in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from accounts.access import Viewer, may
from accounts.models import Context
from engagements.access import confirms_deletion
from engagements.services.staleness import mark_stale
from records.models import GuardedRecord
from records.models.records import CURRENT, DELETED, WITHDRAWN
from records.versions import keep_version

SAY_WHY = "Say why, in a few words."
OWN_WORDS = "Only the author changes what was written here. Ask them, or record what differs."
OWN_WORDS_LATE = "This is older than a day: say why you correct it."
ANOTHER_CONFIRMS = "Deletion was asked for. Another head of delegation has to confirm it."
OWN_WORDS_DAY = timedelta(hours=24)

R = TypeVar("R", bound=GuardedRecord)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a record stands in: its level is never below this one or the context's floor."""

    context: Context
    level: int

    @property
    def context_id(self) -> UUID:
        return self.context.pk


@dataclass(frozen=True)
class Noun(Generic[R]):
    """How one kind of record is kept and what it moves.

    `said` gives its structured part and its texts, as they are kept in a version; `touches` the
    dossiers whose scores it bears on; `verb` is the right that withdrawing needs; `source` is what
    reasons and evidence call it, where that is not its kind.
    """

    model: type[R]
    said: Callable[[R], tuple[dict[str, Any], dict[str, Any]]]
    touches: Callable[[R], Iterable[UUID]]
    verb: str = "d"
    source: str = ""

    def locked(self, viewer: Viewer, pk: UUID, verb: str) -> R:
        """The record, held until the transaction ends; Http404 where hidden or absent,
        PermissionDenied where the role does not reach.
        """
        rows: Any = self.model._default_manager
        row: R | None = rows.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None or not may(viewer, "r", row):
            raise Http404
        if not may(viewer, verb, row):
            raise PermissionDenied
        return row

    def keep(self, viewer: Viewer, record: R, reason: str = "") -> None:
        """Keep what the record says now, before it is changed."""
        body, words = self.said(record)
        body = {"state": record.state} | body
        keep_version(record, body=body, words=words, by=viewer.user, reason=reason)

    def mark(self, record: R, touched: Iterable[UUID], *, level: int) -> None:
        """The scores of these dossiers are behind, from this level up."""
        mark_stale(touched, level=level, because=(self.source or record.kind, record.pk))

    def withdraw(self, viewer: Viewer, pk: UUID, *, reason: str) -> R:
        """Take the record out of every sum; it stays visible as withdrawn. Needs a reason."""
        return self._turned(viewer, pk, WITHDRAWN, reason)

    def restore(self, viewer: Viewer, pk: UUID, *, reason: str) -> R:
        """Let a withdrawn record count again. Needs a reason."""
        return self._turned(viewer, pk, CURRENT, reason)

    @transaction.atomic
    def delete(self, viewer: Viewer, pk: UUID, *, reason: str) -> R:
        """Ask for deletion: the record is withdrawn at once. A head who did not ask confirms by
        asking again; what is left then is a stub.
        """
        record = self.locked(viewer, pk, self.verb)
        if record.state == CURRENT:
            return self._turned(viewer, pk, WITHDRAWN, reason)
        if not confirms_deletion(viewer, record):
            raise PermissionDenied(ANOTHER_CONFIRMS)
        return self._turned(viewer, pk, DELETED, reason)

    @transaction.atomic
    def _turned(self, viewer: Viewer, pk: UUID, state: str, reason: str) -> R:
        record = self.locked(viewer, pk, self.verb)
        if not reason.strip():
            raise ValidationError({"reason": SAY_WHY})
        if record.state != state:
            touched = set(self.touches(record))
            self.keep(viewer, record, reason)
            record.state = state
            record.save()
            self.mark(record, touched | set(self.touches(record)), level=record.level)
        return record


def require_new(model: type[GuardedRecord], pk: UUID) -> None:
    """A refusal may only mean that one send came twice at once: then IntegrityError, on which a
    door answers with the stored record.
    """
    if model._default_manager.filter(pk=pk).exists():
        raise IntegrityError("sent twice")


def check_words(viewer: Viewer, record: GuardedRecord, *, changed: bool, reason: str) -> None:
    """What was said stays its author's; a day later a change of it needs a reason."""
    if not changed:
        return
    if viewer.user is None or record.created_by_id != viewer.user.pk:
        raise ValidationError({"text": OWN_WORDS})
    if timezone.now() - record.created_at > OWN_WORDS_DAY and not reason.strip():
        raise ValidationError({"reason": OWN_WORDS_LATE})


def raise_faults(faults: Iterable[tuple[str, str]]) -> None:
    """Raise ValidationError with every fault at once, each by its field."""
    told: dict[str, list[str]] = {}
    for field, sentence in faults:
        told.setdefault(field, []).append(sentence)
    if told:
        raise ValidationError(told)


def text(value: Any) -> str | None:
    """A date or id in the JSON of a kept version."""
    return None if value is None else str(value)
