"""Rows by the million: COPY on PostgreSQL, plain inserts on SQLite, no model instance per row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model

Value = str | int | bytes | bool | None
Row = Sequence[Value]


class BulkTable:
    """Writes rows of one model. A row holds the values of `varying` (columns, in that order) as
    the database takes them: ids as 32 hexadecimal digits, days and moments as ISO text, sealed
    texts as bytes. Every other column gets the model's default, the same for all rows.
    """

    def __init__(self, model: type[Model], varying: Sequence[str]) -> None:
        blank = model()
        constant = {
            str(field.column): field.get_db_prep_save(field.pre_save(blank, add=False), connection)
            for field in model._meta.concrete_fields
            if field.column not in varying and not field.db_returning
        }
        self._columns = [*varying, *constant]
        self._rest = tuple(constant.values())
        self._table = connection.ops.quote_name(model._meta.db_table)

    def write(self, rows: Iterable[Row]) -> None:
        """Insert the rows, in the caller's transaction."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                self._copy(cursor, rows)
            else:
                self._insert(cursor, rows)

    def _named(self) -> str:
        return ", ".join(connection.ops.quote_name(column) for column in self._columns)

    def _copy(self, cursor: Any, rows: Iterable[Row]) -> None:
        rest = "".join(f"\t{_copied(value)}" for value in self._rest) + "\n"
        lines = [f"{_TAB.join(map(_copied, row))}{rest}" for row in rows]
        with cursor.copy(f"COPY {self._table} ({self._named()}) FROM STDIN") as copy:
            copy.write("".join(lines))

    def _insert(self, cursor: Any, rows: Iterable[Row]) -> None:
        marks = ", ".join(["%s"] * len(self._columns))
        insert = f"INSERT INTO {self._table} ({self._named()}) VALUES ({marks})"
        cursor.executemany(insert, [(*row, *self._rest) for row in rows])


_TAB = "\t"
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _copied(value: Any) -> str:
    """A value in the text form of COPY; the database's own wrappers are taken off."""
    kind = type(value)  # asked millions of times: the commonest first
    if kind is str:
        return value.translate(_ESCAPED) if "\\" in value or "\n" in value else str(value)
    if kind is int:
        return str(value)
    if value is None:
        return r"\N"
    return _copied_rarely(getattr(value, "obj", value))


def _copied_rarely(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes | memoryview):
        return r"\\x" + bytes(value).hex()
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


@contextmanager
def unhindered() -> Iterator[None]:
    """What makes millions of rows with random ids bearable, for this connection and a while.

    SQLite: 64 MB of indexes in memory. PostgreSQL, where the role may: foreign keys are not asked
    after row by row, which is half of the time; every parent is written before its children.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA cache_size = -65536")
            yield
            return
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT current_setting('is_superuser')")
        if cursor.fetchone()[0] == "off":
            yield
            return
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("RESET session_replication_role")


def analyse() -> None:
    """Tell the database what its tables hold now: plans made for empty ones would stay."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
