"""Logs say where something went wrong, never with which values."""

import logging
from copy import copy
from traceback import extract_tb
from types import TracebackType

OneExcInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class OneLine(logging.Formatter):
    """One record, one line; an exception as its kind and its places, without its words.

    Its words may hold what somebody typed (a database error prints the row it refused), and a line
    break in them could pass for a record of its own.
    """

    def format(self, record: logging.LogRecord) -> str:
        told = copy(record)
        told.exc_text = None  # another handler's formatter may have kept the full text
        if record.name == "celery.app.trace" and isinstance(data := vars(record).get("data"), dict):
            # Celery's own sentence repeats the exception and the task's arguments.
            told.msg, told.args = "task %s %s", (data.get("name"), data.get("description", "ran"))
        return super().format(told).replace("\r", "\\r").replace("\n", "\\n")

    def formatException(self, ei: OneExcInfo) -> str:
        kind, _, trace = ei
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(trace)]
        return f"{kind.__name__ if kind else 'error'} at {' > '.join(places[-8:])}"

    def formatStack(self, stack_info: str) -> str:
        return ""
