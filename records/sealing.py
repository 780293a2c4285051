"""Envelope encryption: a key-encryption key wraps one data key per context.

Key-encryption key (KEK): 32 bytes, kept outside the database (a mounted secret, or a file that
the embedded start makes with mode 600). Data keys: one per context, one for the organisation
(what belongs to no context), stored wrapped. A sealed value is
`version (1) | data key id (16) | nonce (12) | AES-256-GCM ciphertext and tag`,
bound to its model, field, row and context: moved to another place it does not open.
"""

from __future__ import annotations

import os
import secrets
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction

ORGANISATION = UUID(int=0)  # stands for "no context": a null would not be unique
VERSION = b"\x01"
_HEADER = len(VERSION) + 16 + 12


def _keys() -> Any:
    """The rows of wrapped keys; by name, because models are made of fields and fields of this."""
    return apps.get_model("records", "DataKey").objects


class CannotUnseal(Exception):
    """The value does not open: wrong key, or it was not sealed for this place."""


class KeysUnusable(Exception):
    """Parley must not start: the key-encryption key is missing or is not the one in use."""


def ensure_kek(path: Path) -> bool:
    """Make the key-encryption key file (mode 600) unless it is there. True if it was made."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def check_keys() -> None:
    """Refuse to go on with a missing or wrong key; make the organisation's key on first use."""
    current = _keys().filter(compartment=ORGANISATION, retired_at=None).first()
    if current is None:
        create_key(None)
        return
    try:
        _opened(current)
    except InvalidTag:
        raise KeysUnusable(
            "The key-encryption key does not belong to this database. "
            "Put back the key file that was in use, or restore the database that goes with it."
        ) from None


def create_key(compartment: UUID | None) -> UUID:
    """A new data key for a context (None: the organisation). One in use per context."""
    key_id = uuid4()
    row = _keys().model(id=key_id, compartment=compartment or ORGANISATION)
    row.wrapped = _wrap(secrets.token_bytes(32), row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another process was first
        return _key_in_use(compartment)
    return key_id


def seal(text: str, *, place: str, compartment: UUID | None) -> bytes:
    """Seal text for one place ("model.field:row"). Raises KeysUnusable without a key."""
    key_id = _key_in_use(compartment)
    nonce = secrets.token_bytes(12)
    body = AESGCM(_data_key(key_id)).encrypt(nonce, text.encode(), _bound(place, compartment))
    return VERSION + key_id.bytes + nonce + body


def unseal(sealed: bytes, *, place: str, compartment: UUID | None) -> str:
    """The text sealed for this place. Raises CannotUnseal; never returns something else."""
    if len(sealed) < _HEADER or sealed[:1] != VERSION:
        raise CannotUnseal(place)
    key_id, nonce = UUID(bytes=bytes(sealed[1:17])), sealed[17:_HEADER]
    try:
        plain = AESGCM(_data_key(key_id)).decrypt(
            nonce, sealed[_HEADER:], _bound(place, compartment)
        )
    except (InvalidTag, ObjectDoesNotExist):
        raise CannotUnseal(place) from None
    return plain.decode()


def _bound(place: str, compartment: UUID | None) -> bytes:
    return f"{place}|{compartment or ORGANISATION}".encode()


@lru_cache(maxsize=4)
def _kek_from(path: str, _changed: float) -> bytes:
    key = bytes.fromhex(Path(path).read_text().strip())
    if len(key) != 32:
        raise ValueError
    return key


def _kek() -> bytes:
    path = Path(settings.PARLEY_KEK_FILE)
    try:
        return _kek_from(str(path), path.stat().st_mtime)
    except (OSError, ValueError):
        raise KeysUnusable(
            "The key-encryption key file is missing or damaged. Set PARLEY_KEK_FILE to a file "
            "that holds 64 hexadecimal digits."
        ) from None


def _wrap(key: bytes, row: Any) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_kek()).encrypt(nonce, key, row.id.bytes)


def _opened(row: Any) -> bytes:
    wrapped = bytes(row.wrapped)
    return AESGCM(_kek()).decrypt(wrapped[:12], wrapped[12:], row.id.bytes)


# A data key's id is random and never reused, so an opened key may stay in memory. Which key a
# context uses is kept only once committed: a rolled-back key must never seal anything later.
_opened_keys: dict[UUID, bytes] = {}
_in_use: dict[UUID | None, UUID] = {}
_lock = threading.Lock()


def forget_keys() -> None:
    """Drop every key held in memory."""
    with _lock:
        _opened_keys.clear()
        _in_use.clear()


def _data_key(key_id: UUID) -> bytes:
    key = _opened_keys.get(key_id)
    if key is None:
        key = _opened(_keys().get(pk=key_id))
        with _lock:
            _opened_keys[key_id] = key
    return key


def _key_in_use(compartment: UUID | None) -> UUID:
    known = _in_use.get(compartment)
    if known is not None:
        return known
    rows = _keys().filter(compartment=compartment or ORGANISATION, retired_at=None)
    key_id: UUID | None = rows.values_list("id", flat=True).first()
    if key_id is None:
        raise KeysUnusable("There is no key for this context yet.")
    transaction.on_commit(lambda: _in_use.update({compartment: key_id}))
    return key_id
