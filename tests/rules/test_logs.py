"""Logs say where something went wrong, and never with which values."""

import logging
import sys

from config.logs import OneLine

TYPED = "what somebody typed"


def record(message: str, *arguments: object, failed: bool = False) -> logging.LogRecord:
    exc_info = None
    if failed:
        try:
            raise ValueError(f"Key (name)=({TYPED}) already exists.")
        except ValueError:
            exc_info = sys.exc_info()
    return logging.LogRecord("parley", logging.ERROR, __file__, 1, message, arguments, exc_info)


def test_an_exception_is_told_by_kind_and_place_without_its_words():
    line = OneLine("{message}", style="{").format(record("saving failed", failed=True))
    assert "ValueError at " in line
    assert "test_logs.py" in line
    assert TYPED not in line


def test_words_kept_by_another_handler_are_not_repeated():
    failed = record("saving failed", failed=True)
    logging.Formatter("%(message)s").format(failed)
    assert TYPED not in OneLine("{message}", style="{").format(failed)


def test_a_line_break_cannot_pass_for_a_record_of_its_own():
    line = OneLine("{message}", style="{").format(record("no page %s", "/x\r\nERROR forged"))
    assert "\n" not in line
    assert "\r" not in line


def test_a_failed_task_is_told_without_its_arguments_or_the_error_s_words():
    failed = record("Task %(name)s raised unexpected: %(exc)s", failed=True)
    data = {"name": "run_job", "description": "raised unexpected", "exc": TYPED, "args": TYPED}
    failed.name, failed.args, failed.data = "celery.app.trace", data, data
    line = OneLine("{message}", style="{").format(failed)
    assert line.startswith("task run_job raised unexpected")
    assert TYPED not in line
