"""A process that reads or writes sealed text starts with the right key or not at all."""

from django.db import Error

from config.environment import refuse
from records.sealing import KeysUnusable, check_keys


def check_or_exit() -> None:
    """End this process in one sentence when the key-encryption key is missing or wrong.

    A database that does not answer yet proves nothing about the key: then the start goes on, each
    use of a key checks again, and /health/ready says what is wrong.
    """
    try:
        check_keys()
    except KeysUnusable as refusal:
        refuse(str(refusal))
    except Error:
        return
