"""Server mode as compose describes it, started by hand."""

import re
import secrets
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config.environment import NOT_TO_BE_TRIED_AGAIN
from tests.servers import ROOT, compose_command, wait_until

COMPOSE = (Path(settings.BASE_DIR) / "docker-compose.yml").read_text()


@pytest.mark.server
def test_the_commands_of_compose_bring_up_pages_worker_and_beat(server_mode):
    for service in ("web", "worker", "beat"):
        server_mode.start(service)
    wait_until(server_mode.is_ready, seconds=30, what="the pages to be ready")
    ping = ["celery", "-A", "config", "inspect", "ping", "-t", "2"]
    wait_until(lambda: "pong" in output(ping, server_mode.environment), seconds=30, what="a worker")
    assert all(process.poll() is None for process in server_mode.processes.values())


def output(command: list[str], environment: dict[str, str]) -> str:
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return ran.stdout


@pytest.mark.server
@pytest.mark.parametrize("service", ["web", "worker"])
def test_a_process_with_another_key_refuses_to_start(server_mode, service, tmp_path):
    server_mode.manage("shell", "-c", "from records.sealing import check_keys; check_keys()")
    other = Path(tmp_path, "kek")
    other.write_text(secrets.token_hex(32))
    ran = subprocess.run(
        [word.replace("0.0.0.0:8000", "127.0.0.1:0") for word in compose_command(service)],
        cwd=ROOT,
        env=server_mode.environment | {"PARLEY_KEK_FILE": str(other)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == NOT_TO_BE_TRIED_AGAIN
    assert "The key-encryption key does not belong to this database." in ran.stderr


def test_compose_has_no_secret_of_its_own():
    services = yaml.safe_load(COMPOSE)
    assert all(":?" in secret["file"] for secret in services["secrets"].values())
    told = re.findall(r"(?im)^ +(\w*(?:password|secret_key|kek)): *(\S+)", COMPOSE)
    assert [name for name, value in told if not value.startswith("/run/secrets/")] == []


def test_every_service_of_compose_says_how_it_is_doing():
    services = yaml.safe_load(COMPOSE)["services"]
    assert {name for name, service in services.items() if "healthcheck" not in service} == {
        "migrate"
    }


def test_what_compose_sets_is_what_the_settings_read():
    example = (Path(settings.BASE_DIR) / ".env.example").read_text()
    told = {name.removesuffix("_FILE") for name in re.findall(r"PARLEY_[A-Z_]+", COMPOSE)}
    known = set(re.findall(r"^(PARLEY_[A-Z_]+)=", example, flags=re.MULTILINE))
    assert told - {name.removesuffix("_FILE") for name in known} == set()
