"""The trial in one process: tables, keys, sample register, jobs and pages, on loopback alone."""

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone
from waitress import create_server

from accounts.models import User
from config import drain
from config.keys import check_or_exit
from engagements.samples.cast import sign_in_lines
from engagements.samples.register import add_sample
from records.models.keys import DataKey
from records.sealing import ensure_kek

NOBODY_YET = (
    "Nobody can sign in yet. In another terminal: python3 manage.py first_head USER "
    "--name NAME --context CODE --called NAME-OF-THE-CONTEXT"
)
HOST = "127.0.0.1"
FIRST_PORT, LAST_PORT = 8000, 8019

Say = Callable[[str], object]


def up(*, port: int | None, empty: bool, say: Say) -> None:
    """Set up what is missing, then serve until Ctrl-C or SIGTERM. A second start keeps the data."""
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)  # a shell may have told its background jobs to ignore it
    listener = open_port(port)
    prepare_tables(say)
    prepare_keys(say)
    if not empty:
        load_sample(say)
    elif not User.objects.exists():
        say(NOBODY_YET)
    serve(listener, say)


def leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def open_port(wanted: int | None) -> socket.socket:
    """A socket on the port asked for, or the first free one from 8000; else the process ends."""
    for port in [wanted] if wanted is not None else range(FIRST_PORT, LAST_PORT + 1):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            listener.close()
            continue
        return listener
    if wanted is not None:
        sys.exit(f"Port {wanted} is taken or not allowed. Choose another, for example --port 8010.")
    sys.exit(f"Ports {FIRST_PORT} to {LAST_PORT} are all taken. Choose one with --port.")


def prepare_tables(say: Say) -> None:
    with waiting("Preparing the tables", say):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)


def prepare_keys(say: Say) -> None:
    """Make the key on a first start only: a new one beside sealed rows would open none of them."""
    path = Path(settings.PARLEY_KEK_FILE)
    if not DataKey.objects.exists() and ensure_kek(path):
        say(f"Made the key that seals names and notes: {path}. Without it they cannot be read.")
    check_or_exit()


def load_sample(say: Say) -> None:
    """The sample goes into an untouched register, or on where an interrupted start left it."""
    unfinished = settings.VAR / "sample-unfinished"
    if unfinished.exists() or not get_user_model().objects.exists():
        unfinished.touch()
        add_sample(timezone.localdate(), say)
        unfinished.unlink()


@contextmanager
def waiting(what: str, say: Say) -> Iterator[None]:
    """Say what is being waited for, and every two seconds that it is still going on."""
    begun, over = time.monotonic(), threading.Event()

    def tell() -> None:
        while not over.wait(2):
            say(f"  {what.lower()}, {time.monotonic() - begun:.0f} s")

    say(what)
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def serve(listener: socket.socket, say: Say) -> None:
    from config.wsgi import application  # it loads every address, so tables and keys come first

    server = create_server(application, sockets=[listener], threads=8, ident=None)
    drain.start()
    say(f"\nParley is up. Open\nhttp://{HOST}:{listener.getsockname()[1]}\n")
    if lines := sign_in_lines():
        say("\n".join(["Sign in as (name, password, who this is):", *lines]))
    say("Stop it with Ctrl-C. The register stays where it is, and the next start goes on with it.")
    server.run()
    drain.stop()
    say("Stopped.")
