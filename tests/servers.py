"""Parley's own processes, started as the README says, for tests of server mode."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.parse import urlsplit

import psycopg
import redis
import yaml
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], object], *, seconds: float, what: str) -> None:
    """Ask ten times a second; an AssertionError names what never came."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s in vain for {what}"
        time.sleep(0.1)


def stop(process: subprocess.Popen[bytes], *, seconds: float = 10) -> None:
    """Ask the process to end, then insist; its children go with its process group."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class OwnRedis:
    """A Redis server on a free port of this machine, without persistence."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def possible() -> bool:
        return shutil.which("redis-server") is not None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.thaw()
        self.stop()

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until(self.answers, seconds=10, what="the test's own Redis")

    def answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url, socket_connect_timeout=1).ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process)
            self.process = None

    def freeze(self) -> None:
        """Hang, as a swapped-out or overloaded server does: connections open, nothing answers."""
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        redis.Redis.from_url(self.url).flushall()

    def limit_memory(self, size: str) -> None:
        """Refuse to take more than this, as a full server does ("0" for no limit)."""
        redis.Redis.from_url(self.url).config_set("maxmemory", size)


def compose_command(service: str) -> list[str]:
    """What docker-compose.yml starts for the service, word for word."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return list(services[service]["command"])


class ServerMode:
    """Web, worker and beat as compose starts them, on a database and a Redis of their own.

    Stop, kill or freeze any of them, and start it again; `manage` runs one command beside them.
    """

    def __init__(self, postgresql_url: str, folder: Path) -> None:
        self.server = postgresql_url
        self.database = f"parley_server_{os.getpid()}_{secrets.token_hex(3)}"
        self.folder = folder
        self.redis = OwnRedis(folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        kek = folder / "kek"
        kek.write_text(secrets.token_hex(32))
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")
        } | {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "PARLEY_SECRET_KEY": secrets.token_urlsafe(60),
            "PARLEY_KEK_FILE": str(kek),
            "PARLEY_DATABASE_URL": urlsplit(postgresql_url)._replace(path=self.database).geturl(),
            "PARLEY_REDIS_URL": self.redis.url,
            "PARLEY_ALLOWED_HOSTS": "127.0.0.1",
            "PARLEY_PLAIN_HTTP": "yes",
            "PARLEY_VAR": str(folder),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }

    def __enter__(self) -> Self:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.database)))
        try:
            self.redis.start()
            self.manage("collectstatic", "--noinput", "--verbosity", "0")
            self.manage("migrate", "--noinput", "--verbosity", "0")
            self.manage("createcachetable")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        for process in self.processes.values():
            stop(process)
        self.redis.thaw()
        self.redis.stop()
        with psycopg.connect(self.server, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(self.database)))

    def manage(self, *command: str) -> str:
        """Run one of Parley's commands in server mode; its output, or an AssertionError."""
        ran = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def start(self, service: str, *, name: str = "", **environment: str) -> None:
        """Start `web`, `worker` or `beat`; its output goes to a file of that name.

        Another `name` starts one more of the same, which is then stopped by that name.
        """
        local = {"0.0.0.0:8000": f"127.0.0.1:{self.port}"}
        command = [local.get(word, word) for word in compose_command(service)]
        name = name or service
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, service: str) -> None:
        stop(self.processes.pop(service))

    def kill(self, service: str) -> None:
        """End the service and its children at once, as a power cut would."""
        process = self.processes.pop(service)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def said(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text(errors="replace")

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, TimeoutError, ConnectionError):
            return False
