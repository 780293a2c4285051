"""Parley's own processes, started for a measurement and ended after it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from django.conf import settings

HOST = "127.0.0.1"
PORTS = range(8480, 8490)
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)):
                return port
    raise RuntimeError(f"Ports {PORTS[0]} to {PORTS[-1]} are all taken.")


def tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def up_command(port: int) -> list[str]:
    return [sys.executable, "manage.py", "up", "--empty", "--port", str(port)]


def web_command(port: int) -> list[str]:
    """As docker-compose.yml starts it."""
    command = [tool("gunicorn"), "config.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2"]
    return [*command, "--threads", "4", "--no-control-socket"]


def worker_command() -> list[str]:
    command = [tool("celery"), "-A", "config", "worker", "--concurrency", "2"]
    return [*command, "--without-gossip", "--without-mingle"]


def beat_command() -> list[str]:
    return [tool("celery"), "-A", "config", "beat"]


@contextmanager
def running(
    command: list[str], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """The process while the block runs; its whole group ends with it."""
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(true: Callable[[], object], *, seconds: float, pause: float = 0.02) -> float:
    """How many seconds it took. TimeoutError if it never came."""
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(pause)
    return time.monotonic() - begun


def answers(port: int, path: str = "/health/ready") -> bool:
    connection = HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def cpu_seconds(pid: int) -> float:
    """Computing time of a process and its children, from the process table."""
    family = [pid, *children_of(pid)]
    return sum(_ticks(member) for member in family) / TICKS


def children_of(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
