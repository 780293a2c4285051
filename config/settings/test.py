"""The tests: either engine, no broker, everything they write in a folder that goes with them."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config import environment

SCRATCH = Path(tempfile.mkdtemp(prefix="parley-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
ENGINE = environment.text("PARLEY_TEST_ENGINE", "sqlite")

from config.settings.base import *  # noqa: E402 - the scratch folder goes first
from config.settings.base import INSTALLED_APPS, MIDDLEWARE, SQLITE  # noqa: E402

SECRET_KEY = "for tests only"
PARLEY_TRIAL = True
PARLEY_KEK_FILE = SCRATCH / "kek"
PARLEY_KEK_FILE.write_text("07" * 32)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
CELERY_BROKER_URL = ""

if ENGINE == "sqlite":
    # Own file per run, not in memory: threads and browsers then meet the locking that users meet.
    DATABASES = {"default": SQLITE | {"TEST": {"NAME": SCRATCH / "parley.sqlite3"}}}
else:
    server = environment.postgresql("PARLEY_TEST_DATABASE_URL")
    DATABASES = {"default": server | {"TEST": {"NAME": f"test_parley_{os.getpid()}"}}}

# Argon2's cost is its point, and a cast that signs in a thousand times would pay it each time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A page or endpoint that asks the database once per row fails its test (NPlusOneError).
INSTALLED_APPS = ["zeal", *INSTALLED_APPS]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
