from __future__ import annotations

import getpass
import json
import os
import platform
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagements.bench.bars import table
from engagements.bench.registers import SIZES, Register
from engagements.bench.rows import Here, all_rows, measure

POSTGRES = f"postgresql://{getpass.getuser()}@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/8"


class Command(BaseCommand):
    help = "Measure Parley against its bars on grown registers; fails below what must hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", default="10k", help=f"of {', '.join(SIZES)}; a comma list")
        parser.add_argument("--db", default="sqlite", help="sqlite, postgres or both by comma")
        parser.add_argument("--only", default="", help="rows of the table, for example 15,16")
        parser.add_argument("--json", type=Path, help="write one line per figure to this file")
        parser.add_argument("--postgres", default=POSTGRES, help="where databases may be made")
        parser.add_argument("--redis", default=REDIS, help="a Redis; keys get a prefix of the run")
        parser.add_argument("--inside", default="", help="for its own processes")

    def handle(self, *, inside: str, size: str, only: str, **options: Any) -> None:
        rows = self._rows(only)
        if inside:
            self._measure(Here(inside, size, options["postgres"], options["redis"]), rows)
            return
        lines = [
            line
            for engine in self._chosen(options["db"], {"sqlite", "postgres"})
            for one in self._chosen(size, set(SIZES))
            for line in self._on(Register(engine, one, options["postgres"], options["redis"]), rows)
        ]
        self._report(lines, options["json"])

    def _rows(self, only: str) -> list[int]:
        known = {str(number) for number in all_rows()}
        return [int(word) for word in self._chosen(only, known)] if only else list(all_rows())

    def _chosen(self, told: str, known: set[str]) -> list[str]:
        words = told.split(",")
        if unknown := [word for word in words if word not in known]:
            raise CommandError(f"“{unknown[0]}” is none of {', '.join(sorted(known))}.")
        return words

    def _measure(self, here: Here, rows: list[int]) -> None:
        for figure in measure(here, rows):
            self.stdout.write(figure.as_json(engine=here.engine, size=here.size))
            self.stdout.flush()

    def _on(self, register: Register, rows: list[int]) -> list[dict[str, Any]]:
        """The figures of one register, told one by one as they come."""
        register.ensure(self._say)
        process = register.measure(rows)
        assert process.stdout is not None
        lines = []
        for text in process.stdout:
            line = json.loads(text)
            lines.append(line)
            self._say(f"  {line['row']}: {line['what']}, {line['value']:.4g} ({line['verdict']})")
        if process.wait():
            raise CommandError(f"The measurement on {register.engine} {register.size} broke off.")
        return lines

    def _report(self, lines: list[dict[str, Any]], file: Path | None) -> None:
        load = os.getloadavg()[0]
        machine = f"{os.cpu_count()} cores, {platform.machine()}, load {load:.1f}"
        self._say(f"\n{timezone.localdate()}, {machine}\n")
        self._say(table(lines))
        if file:
            file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        if missed := [line for line in lines if line["verdict"] in ("not reached", "unusable")]:
            raise CommandError(f"{len(missed)} of {len(lines)} figures do not hold.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
