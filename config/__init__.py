"""The only place that knows all apps: settings, addresses, Celery, serving. Nobody imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
