"""How long a sign-in lasts."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

BEGUN, SEEN = "_begun", "_seen"


class SignInEnds:
    """Half an hour after the last page (SESSION_COOKIE_AGE), and after twelve hours of whatever.

    The half hour is counted from a mark renewed once a minute, not at each page: a page that only
    reads should not have to wait for its turn to write.
    """

    MARK_EVERY = 60

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            self.look_at(request.session, time.time())
        return self.get_response(request)

    def look_at(self, session: SessionBase, now: float) -> None:
        if now - session.setdefault(BEGUN, now) > settings.SESSION_LONGEST:
            session.flush()
        elif now - session.get(SEEN, 0) > self.MARK_EVERY:
            session[SEEN] = now  # saving sets the end of the half hour anew
