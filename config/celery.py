"""Celery carries nudges; the job table in the database is the truth (records/jobs.py)."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("parley")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_a_wrong_key(**_: object) -> None:
    """A worker that cannot open what is sealed must not take work from one that can."""
    from config.keys import check_or_exit

    check_or_exit()
