"""What gunicorn and waitress serve."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from config.keys import check_or_exit  # noqa: E402 - models are there only from here on

check_or_exit()
