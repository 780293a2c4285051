"""What a person or a program sees when Parley itself fails."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

AWAY = "The database does not answer just now. This was not saved; try again in a few seconds."
FULL = "The disk that holds the register is full. This was not saved; tell your administrator."
BROKEN = (
    "Something went wrong on our side. What was saved before is safe; what you just sent may not "
    "be. Try again in a minute, and tell your administrator if it happens twice."
)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, 507 when its disk is full, 500 for a fault of ours."""
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError):
        return answer(request, 500, "Internal error", BROKEN)
    if "full" in str(error) or type(error.__cause__).__name__ == "DiskFull":
        return answer(request, 507, "Insufficient storage", FULL)
    response = answer(request, 503, "Service unavailable", AWAY)
    response.headers["Retry-After"] = "5"
    return response


def answer(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    if not request.path.startswith("/api/"):
        # Without the request: what frames a page reads the database, which may be the one away.
        return HttpResponse(render_to_string("500.html", {"detail": detail}), status=status)
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "request_id": getattr(request, "request_id", None),
        "errors": [],
    }
    return JsonResponse(problem, status=status, content_type="application/problem+json")
