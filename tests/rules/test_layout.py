"""The tree keeps its shape: imports go down, scoring stands alone, the README tells the truth."""

import pkgutil
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

import scorecards.scoring

ROOT = Path(settings.BASE_DIR)
APPS = ["config", "engagements", "scorecards", "actors", "accounts", "records"]
NOT_TOLD = {"var", "__pycache__", "README.md"}


def test_every_import_keeps_the_contract():
    ran = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr


def test_scoring_loads_without_django():
    asked = "import sys; {}; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    imports = "; ".join(f"import {name}" for name in scoring_modules())
    ran = subprocess.run([sys.executable, "-c", asked.format(imports)], cwd=ROOT, check=False)
    assert ran.returncode == 0


def scoring_modules() -> list[str]:
    found = pkgutil.iter_modules(scorecards.scoring.__path__, "scorecards.scoring.")
    return [module.name for module in found]


def root_entries() -> list[str]:
    names = {entry.name for entry in ROOT.iterdir()}
    return sorted(name for name in names - NOT_TOLD if not name.startswith("."))


def test_the_readme_names_every_root_entry():
    readme = (ROOT / "README.md").read_text()
    assert [entry for entry in root_entries() if entry not in readme] == []


def our_commands() -> set[str]:
    return {name for name, app in get_commands().items() if app in APPS}


def test_the_readme_names_every_command():
    named = set(re.findall(r"manage\.py ([a-z_]+)", (ROOT / "README.md").read_text()))
    assert {"up", "test", *our_commands()} - named == set()


def named_settings() -> set[str]:
    """Every PARLEY_... that a settings file reads from the environment."""
    texts = [path.read_text() for path in (ROOT / "config").rglob("*.py")]
    return {name for text in texts for name in re.findall(r'"(PARLEY_[A-Z_]+)"', text)}


def test_the_example_environment_names_every_setting():
    example = (ROOT / ".env.example").read_text()
    assert {name for name in named_settings() if f"{name}=" not in example} == set()


def test_the_locks_hold_hashes_and_no_address():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text
        pinned = re.findall(r"^[a-z0-9][^ ]*==", text, flags=re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[a-z0-9].*\\$", text, flags=re.MULTILINE)) > 20
