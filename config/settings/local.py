"""The trial: everything in one process on this machine's loopback, nothing to prepare."""

import os
import secrets

from config import environment
from config.settings.base import *
from config.settings.base import VAR

PARLEY_TRIAL = True
DEBUG = environment.flag("PARLEY_DEBUG")


def kept_secret(name: str) -> str:
    """A random text made once and kept beside the keys, so that sign-ins outlive a restart."""
    path = VAR / "keys" / name
    VAR.mkdir(exist_ok=True, mode=0o700)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()


SECRET_KEY = environment.text("PARLEY_SECRET_KEY") or kept_secret("secret_key")
PARLEY_KEK_FILE = environment.text("PARLEY_KEK_FILE") or str(VAR / "keys" / "kek")
