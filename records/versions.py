"""Keep what a record said before it was changed, and refuse a change to another version."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import timezone

from records.models import Record, RecordVersion


class Conflict(Exception):
    """The record changed since the writer read it. `current` is the stored record."""

    def __init__(self, current: Record) -> None:
        super().__init__("The record has been changed since it was read.")
        self.current = current


class AlreadyThere(Exception):
    """The id is taken by a record that was first sent with other content."""


def content_digest(content: Any) -> str:
    """A digest of what was sent, independent of the order of keys."""
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def require_version(record: Record, version: int | None) -> None:
    """Raise Conflict unless the writer saw the record's present version (None: not asked)."""
    if version is not None and record.version != version:
        raise Conflict(record)


def keep_version(
    record: Record, *, body: dict[str, Any], words: dict[str, Any], by: Any, reason: str = ""
) -> None:
    """Store what `record` says now, before it is replaced, and count its version up.

    `body` is the structured part (JSON), `words` the sealed texts. Call inside the
    transaction that writes the new version, with the row locked and not yet changed: the level
    that it has now says who could read this version (lists answer `updated_since` by it).
    """
    level = {"level": record.level} if hasattr(record, "level") else {}
    RecordVersion.objects.create(
        kind=record.kind,
        record=record.pk,
        number=record.version,
        context_id=getattr(record, "context_id", None),
        body=level | body,
        words=words,
        reason=reason,
        replaced_by=by,
        written_at=record.updated_at,
        written_by_id=record.created_by_id,
    )
    record.version += 1
    record.updated_at = timezone.now()


def versions_of(record: Record) -> list[RecordVersion]:
    """Earlier versions, newest first. The caller has made sure that the record may be read."""
    return list(RecordVersion.objects.filter(record=record.pk).order_by("-number"))
