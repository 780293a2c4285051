"""Celery carries nudges; the job table in the database is the truth (records/jobs.py)."""

import os
from logging.config import dictConfig

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_ready, worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("parley")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_django_does(**_: object) -> None:
    """Connected, this keeps Celery from its own formats, which print arguments and values."""
    from django.conf import settings

    dictConfig(settings.LOGGING)


@worker_init.connect
def refuse_a_wrong_key(**_: object) -> None:
    """A worker that cannot open what is sealed must not take work from one that can."""
    from config.keys import check_or_exit

    check_or_exit()


@worker_ready.connect
def do_jobs_without_a_bell(**_: object) -> None:
    """A worker that hears no bell any more, whatever became of Redis, still finds the jobs."""
    from config import drain

    drain.start(every=drain.WORKER_SECONDS)


@worker_shutdown.connect
def end_the_drain(**_: object) -> None:
    from config import drain

    drain.stop()
