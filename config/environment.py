"""Reads the environment. Each setting NAME may also come from a file named by NAME_FILE."""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, quote, unquote, urlsplit

# gunicorn starts a worker that ended with any other code anew, for ever.
NOT_TO_BE_TRIED_AGAIN = 3


def refuse(sentence: str) -> NoReturn:
    """End the start in one sentence, without a trace."""
    print(f"Parley will not start: {sentence}", file=sys.stderr, flush=True)
    sys.exit(NOT_TO_BE_TRIED_AGAIN)


def text(name: str, default: str = "") -> str:
    """The setting's value; a mounted secret (NAME_FILE) is read when NAME itself is not set."""
    if value := os.environ.get(name, ""):
        return value
    if not (file := os.environ.get(f"{name}_FILE", "")):
        return default
    try:
        return Path(file).read_text(encoding="utf-8").strip() or default
    except OSError:
        refuse(f"{name}_FILE names {file}, which cannot be read.")


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdecimal():
        refuse(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def flag(name: str) -> bool:
    """True for 1, yes, true or on; False when unset or anything of 0, no, false, off."""
    value = text(name, "no").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    refuse(f"{name} must be yes or no, not {value!r}.")


def listed(name: str) -> list[str]:
    """The comma-separated entries of a setting, without blanks."""
    return [entry.strip() for entry in text(name).split(",") if entry.strip()]


def missing(*names: str) -> list[str]:
    """Those of the names that have no value at all."""
    return [name for name in names if not text(name)]


def postgresql(name: str) -> dict[str, Any]:
    """Django's connection entries from `postgresql://user:password@host:port/database?option=...`.

    The password may come from PARLEY_DATABASE_PASSWORD(_FILE) instead, so that the address can be
    shown while the secret cannot. Refuses any other kind of address.
    """
    address = urlsplit(text(name))
    if address.scheme not in {"postgres", "postgresql"} or not address.path.strip("/"):
        refuse(f"{name} must look like postgresql://user@host:5432/database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(address.path.strip("/")),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or "") or text("PARLEY_DATABASE_PASSWORD"),
        "HOST": address.hostname or "",
        "PORT": str(address.port or ""),
        "OPTIONS": dict(parse_qsl(address.query)),
    }


def redis(name: str) -> str:
    """The Redis address, with its password from PARLEY_REDIS_PASSWORD(_FILE) when it has none."""
    address, password = text(name), text("PARLEY_REDIS_PASSWORD")
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme not in {"redis", "rediss", "unix", "redis+socket"}:
        refuse(f"{name} must look like redis://host:6379/0.")
    if not password or parts.password:
        return address
    return parts._replace(netloc=f":{quote(password, safe='')}@{parts.netloc}").geturl()
