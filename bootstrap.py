"""Makes Parley's own Python environment, `.venv`, and hands the command over to it.

Standard library only: this runs before anything is installed, on a machine with nothing but Python.
Every package comes from a lock with hashes, so a changed package is refused. A stamp in `.venv`
says which lock stands there; it is written last, so that an interrupted start is seen and redone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
UNFINISHED = VENV / "parley-unfinished"
LOCKS = {
    "run": HERE / "requirements" / "run.txt",
    "test": HERE / "requirements" / "test.txt",  # holds everything of the run lock as well
}


def prepare(argv: list[str], *, lock: str) -> None:
    """Return when this process may import Django; otherwise make `.venv` and start again inside it.

    Another virtual environment, or one call by hand of `.venv`'s own Python for anything but the
    two README commands, is left as its owner made it.
    """
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    if not inside and sys.prefix != sys.base_prefix:
        return
    if inside and not set(argv[1:2]) & {"up", "test"}:
        return
    if not stands(lock):
        install(lock)
    elif inside:
        return
    start_again(argv)


def stands(lock: str) -> bool:
    """Tell whether `.venv` holds what the lock says, whole."""
    if not PYTHON.exists() or UNFINISHED.exists():
        return False
    return any(
        stamp_of(name).exists() and stamp_of(name).read_text() == stamp_text(name)
        for name in {lock, "test"}
    )


def stamp_of(lock: str) -> Path:
    return VENV / f"parley-{lock}.stamp"


def stamp_text(lock: str) -> str:
    return f"{hashlib.sha256(LOCKS[lock].read_bytes()).hexdigest()} {venv_version()}\n"


def venv_version() -> str:
    """Major and minor version of `.venv`'s Python, which a system upgrade may have moved."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    asked = subprocess.run(
        [PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip()


def install(lock: str) -> None:
    with one_at_a_time():
        if stands(lock):  # another start made it while this one waited
            return
        say("Setting up Parley's own Python environment in .venv (only now and after an update).")
        make_venv()
        UNFINISHED.touch()
        fill_venv(lock)
        # A stale stamp would claim a lock that is no longer what stands here.
        for name in LOCKS:
            stamp_of(name).unlink(missing_ok=True)
        stamp_of(lock).write_text(stamp_text(lock))
        UNFINISHED.unlink()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let two starts at once take turns, so that neither installs into the other's half."""
    (HERE / "var").mkdir(exist_ok=True, mode=0o700)  # it will hold the register
    with (HERE / "var" / "set-up.lock").open("w") as held:
        if fcntl is not None:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another start is setting up .venv; waiting for it.")
                fcntl.flock(held, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    if sound_venv():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    UNFINISHED.touch()
    if uv := shutil.which("uv"):
        made = subprocess.run(
            [uv, "venv", "--quiet", "--allow-existing", "--python", base_python(), str(VENV)],
            check=False,
        )
        if made.returncode == 0:
            return
    if find_spec("venv") is None or not (find_spec("ensurepip") or pip_outside()):
        shutil.rmtree(VENV)
        sys.exit(no_venv_sentence())
    without_pip = [] if find_spec("ensurepip") else ["--without-pip"]
    run_saying("making .venv", [base_python(), "-m", "venv", *without_pip, str(VENV)])


def sound_venv() -> bool:
    """Tell whether the `.venv` found may be built upon: it runs, and no start died in it."""
    return PYTHON.exists() and not UNFINISHED.exists() and venv_version() == stamped_version()


def stamped_version() -> str:
    """The Python that the packages in `.venv` were installed for; its present one if unstamped."""
    for lock in LOCKS:
        if stamp_of(lock).exists():
            return stamp_of(lock).read_text().split()[-1]
    return venv_version()


def base_python() -> str:
    """The machine's Python, also when this runs inside a `.venv` that is about to be made anew."""
    return getattr(sys, "_base_executable", None) or sys.executable


def pip_outside() -> bool:
    """Tell whether the machine's own pip can install into another environment (`--python`)."""
    asked = subprocess.run(
        [base_python(), "-m", "pip", "--python", base_python(), "--version"],
        capture_output=True,
        check=False,
    )
    return asked.returncode == 0


def no_venv_sentence() -> str:
    sudo = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    return (
        "This Python cannot make an environment of its own: its venv package is missing.\n"
        f"On Debian or Ubuntu, run   {sudo}apt-get install {package}\n"
        "and then the same command again."
    )


def fill_venv(lock: str) -> None:
    wanted = ["--require-hashes", "-r", str(LOCKS[lock])]
    quiet = ["--disable-pip-version-check", "--no-input"]
    count = sum("==" in line for line in LOCKS[lock].read_text().splitlines())
    if uv := shutil.which("uv"):
        command = [uv, "pip", "install", "--python", str(PYTHON), *wanted]
    elif has_pip(PYTHON):
        command = [str(PYTHON), "-m", "pip", "install", *quiet, *wanted]
    else:
        command = [base_python(), "-m", "pip", "--python", str(PYTHON), "install", *quiet, *wanted]
    run_saying(f"installing {count} packages", command)


def has_pip(python: Path) -> bool:
    asked = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
    return asked.returncode == 0


def run_saying(what: str, command: list[str]) -> None:
    """Run a command quietly, say each two seconds how far it is; if it fails, stop in its words."""
    say(f"  {what}")
    begun = time.monotonic()
    lines: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        reader = threading.Thread(target=lines.extend, args=(process.stdout,), daemon=True)
        reader.start()
        while process.poll() is None:
            try:
                process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                say(f"  {what}, {time.monotonic() - begun:.0f} s{stage_of(lines)}")
        reader.join()
    if process.returncode:
        sys.exit(
            "".join(lines[-15:])
            + f"\nThat failed while {what}. Mend what it names (often the network), then run the "
            "same command again: it goes on from a clean start."
        )
    say(f"  done in {time.monotonic() - begun:.0f} s")


def stage_of(lines: list[str]) -> str:
    """What the installer is at, in its own last words: pip names each package as it fetches it."""
    fetched = sum(line.startswith("Collecting ") for line in lines)
    if any(line.startswith("Installing collected packages") for line in lines):
        return ", unpacking"
    return f", {fetched} fetched" if fetched else ""


def start_again(argv: list[str]) -> None:
    command = [str(PYTHON), str(HERE / "manage.py"), *argv[1:]]
    if os.name == "nt":  # exec there would give the shell its prompt back at once
        sys.exit(subprocess.call(command))
    sys.stdout.flush()
    os.execv(command[0], command)


def say(sentence: str) -> None:
    print(sentence, flush=True)
