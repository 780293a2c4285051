"""Headers that no setting of Django's sends."""

from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# What the pages never ask of a browser, so that nothing planted in one can.
PERMISSIONS = ", ".join(
    f"{power}=()"
    for power in ("camera", "microphone", "geolocation", "payment", "usb", "display-capture")
)


Answer = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Name each request (`request.request_id`, `X-Request-ID`), so that an answer can be traced.

    A name sent by the client is ignored: it would let one client pass for another in the record.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = str(uuid4())  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response


class PrivateAnswers:
    """Keep answers out of every cache, also the one behind the Back button."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class CompressedPages(GZipMiddleware):
    """gzip for pages; an answer with an ETag stays as it is, since gzip would make that weak."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.has_header("ETag"):
            return response
        return super().process_response(request, response)
