"""How the API refuses: RFC 9457 problem details, one shape for every refusal.

`{type, title, status, detail, request_id, errors: [{field, code, message}]}`; `field` is a path
into what was sent ("names.0.kind"), or "" where no single field is to blame. A hidden and an
absent record are refused in the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from records.constraints import broken_rule
from records.dates import NotADate
from records.sealing import CannotUnseal, KeysUnusable
from records.versions import AlreadyThere, Conflict

NOT_FOUND = "There is no such record, or it is not yours to see."
STALE = "Somebody has changed this record since you read it. Compare, then send your change again."
TAKEN = "This id belongs to a record that was sent with other content. Use a new id."
SEALED = (
    "The key that opens this record is not at hand. Nothing was saved; tell your administrator."
)
UNREADABLE = "What you sent broke off before its end. Send it again."
TOO_BIG = "What you sent is larger than 1 MiB. Send it in smaller parts."
STILL_USED = "Other records point at this one, so it has to stay."


class Problem(exceptions.APIException):
    """A refusal with a status of its own; `errors` as in the answer, `extra` beside them."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: list[dict[str, Any]] | None = None,
        extra: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status_code = status
        self.errors, self.extra, self.headers = errors or [], extra or {}, headers or {}


def refusal(field: str, message: str, code: str = "invalid") -> Problem:
    """A 400 that names one field or parameter."""
    return Problem(400, message, errors=[_error(field, message, code)])


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error raised in a view; None leaves it to Django (500, 503)."""
    problem = _as_problem(error, context.get("view"))
    if problem is None:
        return None
    set_rollback()
    return Response(
        problem_body(problem, context.get("request")),
        status=problem.status_code,
        headers=problem.headers,
        content_type="application/problem+json",
    )


def problem_body(problem: Problem, request: Any) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(problem.status_code).phrase,
        "status": problem.status_code,
        "detail": str(problem.detail),
        "request_id": getattr(getattr(request, "_request", request), "request_id", None),
        "errors": problem.errors,
        **problem.extra,
    }


def _as_problem(error: Exception, view: Any) -> Problem | None:
    match error:
        case Problem():
            return error
        case Http404() | exceptions.NotFound():
            return Problem(404, NOT_FOUND)
        case exceptions.ValidationError():
            return _invalid(list(_flat(error.detail)))
        case ModelError():
            return _invalid(list(_of_model_error(error)))
        case NotADate():
            return refusal("", str(error), "not_a_date")
        case IntegrityError():
            field, sentence = broken_rule(error)
            return refusal(field, sentence, "rule")
        case Conflict():
            return _stale(error, view)
        case AlreadyThere():
            return Problem(409, TAKEN, errors=[_error("id", TAKEN, "taken")])
        case ProtectedError():
            return Problem(409, STILL_USED)
        case KeysUnusable() | CannotUnseal():
            return Problem(503, SEALED, headers={"Retry-After": "30"})
        case RequestDataTooBig():
            return Problem(413, TOO_BIG)
        case UnreadablePostError():
            return Problem(400, UNREADABLE)
        case PermissionDenied():
            return Problem(403, str(error) or "Your role does not allow this.")
        case exceptions.APIException():
            return _of_framework(error)
    return None


def _of_framework(error: exceptions.APIException) -> Problem:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    words = {
        401: "Send a token: Authorization: Bearer <token>.",
        405: "This address does not take that method.",
        406: "Parley answers in JSON only. Ask for application/json.",
        415: "Send JSON, with Content-Type: application/json.",
        429: "Too many requests in a short time. Wait, then go on.",
    }
    kept = isinstance(error, exceptions.AuthenticationFailed) or error.status_code not in words
    detail = str(error.detail) if kept else words[error.status_code]
    return Problem(error.status_code, detail, headers=headers)


def _stale(error: Conflict, view: Any) -> Problem:
    """412 with what stands now and, per field that both changed, the other's value."""
    told = getattr(view, "stale", None)
    errors, current = told(error.current) if told else ([], None)
    return Problem(412, STALE, errors=errors, extra={"current": current})


def _invalid(errors: list[dict[str, Any]]) -> Problem:
    detail = errors[0]["message"] if len(errors) == 1 else "Some answers need a second look."
    return Problem(400, detail, errors=errors)


def _error(field: str, message: str, code: str) -> dict[str, Any]:
    return {"field": field, "code": code, "message": message}


def _flat(detail: Any, path: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """The framework's nested errors as rows, each with the path to its field."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            here = () if name == api_settings.NON_FIELD_ERRORS_KEY else (str(name),)
            yield from _flat(inner, path + here)
    elif isinstance(detail, list) and any(isinstance(entry, dict | list) for entry in detail):
        for number, inner in enumerate(detail):
            yield from _flat(inner, (*path, str(number)))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flat(inner, path)
    else:
        yield _error(".".join(path), str(detail), getattr(detail, "code", None) or "invalid")


def _of_model_error(error: ModelError) -> Iterator[dict[str, Any]]:
    if not hasattr(error, "error_dict"):
        for inner in error.error_list:
            yield _of_one("", inner)
        return
    for name, inners in error.error_dict.items():
        for inner in inners:
            yield _of_one("" if name == NON_FIELD_ERRORS else name, inner)


def _of_one(field: str, error: ModelError) -> dict[str, Any]:
    return _error(field, " ".join(error.messages), error.code or "invalid")
