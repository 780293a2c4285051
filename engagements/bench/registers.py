"""The registers that are measured: each grown once in a database of its own, and kept."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from psycopg import sql

from records.sealing import ensure_kek

Say = Callable[[str], object]
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}


@dataclass(frozen=True)
class Register:
    """`engine` is sqlite or postgres; `server` is a PostgreSQL where databases may be made."""

    engine: str
    size: str
    server: str
    redis: str

    @property
    def name(self) -> str:
        return f"parley_bench_{self.size}"

    @property
    def folder(self) -> Path:
        return Path(settings.BASE_DIR) / "var" / "bench" / f"{self.engine}-{self.size}"

    def environment(self) -> dict[str, str]:
        """What Parley's processes need to work on this register and on nothing else."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
        return kept | environment_of(self.engine, self.folder, self.server, self.name)

    def ensure(self, say: Say) -> None:
        """Grow the register unless an earlier run has."""
        done = self.folder / "grown"
        if done.exists():
            return
        say(f"Growing {self.size} meetings on {self.engine}; this is done once")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        empty_database(self.engine, self.folder, self.server, self.name)
        environment = self.environment()
        ensure_kek(self.folder / "keys" / "kek")
        run("migrate", "--noinput", "--verbosity", "0", environment=environment)
        run("createcachetable", environment=environment)
        run("grow", "--interactions", str(SIZES[self.size]), environment=environment)
        done.touch()

    def measure(self, rows: list[int]) -> subprocess.Popen[str]:
        """A process that measures the rows on this register and prints a line for each figure."""
        asked = ",".join(map(str, rows))
        command = ["bench", "--inside", self.engine, "--size", self.size, "--only", asked]
        command += ["--postgres", self.server, "--redis", self.redis]
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=self.environment(),
            stdout=subprocess.PIPE,
            text=True,
        )


def environment_of(engine: str, folder: Path, server: str, database: str) -> dict[str, str]:
    told = {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "PARLEY_VAR": str(folder),
        "PARLEY_STATEMENT_TIMEOUT_MS": "0",
    }
    if engine == "postgres":
        told["PARLEY_DATABASE_URL"] = urlsplit(server)._replace(path=database).geturl()
    return told


def empty_database(engine: str, folder: Path, server: str, database: str) -> None:
    """Make an empty database, in place of what an earlier run left under this name."""
    if engine == "sqlite":
        for file in folder.glob("parley.sqlite3*"):
            file.unlink()
        return
    with psycopg.connect(server, autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(drop.format(sql.Identifier(database)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def drop_database(engine: str, server: str, database: str) -> None:
    if engine == "postgres":
        with psycopg.connect(server, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(database)))


def run(*command: str, environment: Mapping[str, str]) -> None:
    """Run one of Parley's commands; its output goes where ours goes."""
    subprocess.run(
        [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=environment, check=True
    )
