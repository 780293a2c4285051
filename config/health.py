"""Two questions a supervisor asks: does this process answer, and can it work."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from records.sealing import KeysUnusable, check_keys


class NotReady(Exception):
    """Something this process needs is missing; the message is one word for what."""


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200, or 503 with the first of `database`, `migrations`, `keys` that is not in order."""
    try:
        check_database()
        check_migrations()
        check_key()
    except NotReady as lack:
        return JsonResponse(
            {"ready": False, "lacking": str(lack)}, status=503, headers={"Retry-After": "5"}
        )
    return JsonResponse({"ready": True})


def check_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        raise NotReady("database") from None


@cache  # a refusal raises and is not kept; once the tables fit this code, they go on fitting it
def check_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("migrations")


def check_key() -> None:
    try:
        check_keys()
    except KeysUnusable:
        raise NotReady("keys") from None
