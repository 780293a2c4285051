"""What this machine has for the tests: PostgreSQL, Redis, a Chromium. Asked, never installed."""

from __future__ import annotations

import getpass
import os
import shutil
from functools import cache

import psycopg
import redis

IN_CI = os.environ.get("CI", "").lower() not in {"", "0", "no", "false"}

NO_POSTGRESQL = (
    "no PostgreSQL answers at 127.0.0.1:5432 with a role that may create databases "
    "(PARLEY_TEST_DATABASE_URL can name another)"
)
NO_REDIS = "no Redis answers at 127.0.0.1:6379 (PARLEY_TEST_REDIS_URL can name another)"
NO_REDIS_SERVER = "no redis-server program to start and stop"
NO_CHROMIUM = "no Chromium found (PARLEY_TEST_CHROMIUM can name one)"


@cache
def postgresql_url() -> str | None:
    """The address of a server where the tests may make databases of their own; None if none."""
    url = os.environ.get("PARLEY_TEST_DATABASE_URL") or (
        f"postgresql://{getpass.getuser()}@127.0.0.1:5432/postgres"
    )
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            may_create = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return None
    return url if may_create and may_create[0] else None


@cache
def redis_url() -> str | None:
    """A Redis that answers. Whoever uses it keeps to keys with a prefix of its own."""
    url = os.environ.get("PARLEY_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
    try:
        redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1).ping()
    except redis.RedisError:
        return None
    return url


@cache
def chromium_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    if told := os.environ.get("PARLEY_TEST_CHROMIUM"):
        return shutil.which(told)
    return next(filter(None, map(shutil.which, names)), None)
