"""How a resource's doors describe themselves in the OpenAPI file."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from records.rest.filters import Filter
from records.rest.resources import Resource

_PLAIN = {
    "limit": "How many rows, 1 to 200; 50 if not said.",
    "cursor": "The place to go on from, taken from `next` or `previous`.",
    "count": "true adds the exact number of all rows as `count`.",
    "updated_since": "What changed since this time, oldest first, with tombstones.",
}
_SHAPE = {
    "fields": "Only these fields, with commas.",
    "omit": "All but these fields, with commas.",
    "brief": "true for the short form.",
}
_IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag that was read before: 428 without, 412 when stale.",
)


class ProblemBody(serializers.Serializer):  # type: ignore[type-arg]
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    request_id = serializers.UUIDField(allow_null=True)
    errors = serializers.ListField(child=serializers.DictField())  # type: ignore[assignment]


PROBLEM = OpenApiResponse(ProblemBody, description="Refused; the body says why.")


class Reason(serializers.Serializer):  # type: ignore[type-arg]
    """Why something is withdrawn, restored or deleted."""

    reason = serializers.CharField(max_length=500)


def described(view: type, resource: Resource, methods: list[str]) -> None:
    """Give each method of the view its entry in the schema."""
    for method in methods:
        words = _entry(view, resource, method)
        handler = getattr(view, method)

        def told(self: Any, request: Any, _handler: Any = handler, **kwargs: Any) -> Any:
            return _handler(self, request, **kwargs)

        told.__name__ = method
        setattr(view, method, extend_schema(tags=[resource.title], **words)(told))


def _entry(view: type, resource: Resource, method: str) -> dict[str, Any]:
    body, act = resource.serializer, getattr(view, "act", None)
    noun = resource.title.lower()
    if act:
        return _told(f"{act}_{resource.name}", f"{act.capitalize()}", body, 200, request=Reason)
    listing = view.__name__.endswith("ListDoor")
    if view.__name__.endswith("SearchDoor"):
        words = "Search by name; filters, `q`, `limit`, `ordering` and `cursor` in the body"
        return _told(
            f"search_{resource.name}", words, _page(resource), 200, request=_query(resource)
        )
    if method == "get" and listing:
        return _told(
            f"list_{resource.name}", f"List {noun}", _page(resource), 200, _parameters(resource)
        )
    if method == "get":
        return _told(f"read_{resource.name}", "Read one", body, 200, _plain(_SHAPE))
    if method == "post":
        return _told(f"create_{resource.name}", "Add one", body, 201, request=body)
    if method == "delete":
        return _told(
            f"delete_{resource.name}", "Ask for deletion", None, 204, [_IF_MATCH], request=Reason
        )
    words = "Replace" if method == "put" else "Change some fields"
    return _told(f"{method}_{resource.name}", words, body, 200, [_IF_MATCH], request=body)


def _told(
    name: str,
    summary: str,
    body: Any,
    status: int,
    parameters: list[OpenApiParameter] | None = None,
    request: Any = None,
) -> dict[str, Any]:
    return {
        "operation_id": name.replace("-", "_"),
        "summary": summary,
        "description": "",
        "parameters": parameters or [],
        "request": request,
        "responses": {status: body, "default": PROBLEM},
    }


def _plain(words: dict[str, str]) -> list[OpenApiParameter]:
    return [OpenApiParameter(name, str, description=text) for name, text in words.items()]


def _parameters(resource: Resource) -> list[OpenApiParameter]:
    orders = ", ".join(resource.orderings)
    ordering = {"ordering": f"One of {orders}; a minus in front turns it. {resource.ordering}."}
    filters = {name: _filter_words(one) for name, one in resource.filters.items()}
    return _plain({**filters, **_PLAIN, **ordering, **_SHAPE})


def _filter_words(one: Filter) -> str:
    return f"{one.hint} Also `__not`{' and `__empty`' if one.empty() is not None else ''}."


@cache
def _page(resource: Resource) -> Any:
    name = f"{resource.serializer.__name__}Page"
    fields = {
        "results": resource.serializer(many=True),
        "next": serializers.CharField(allow_null=True),
        "previous": serializers.CharField(allow_null=True),
        "count": serializers.IntegerField(required=False),
    }
    return type(name, (serializers.Serializer,), fields)


def _query(resource: Resource) -> Any:
    fields: dict[str, Any] = {"q": serializers.CharField(max_length=200)}
    for name in ("limit", "ordering", "cursor", *resource.filters):
        fields[name] = serializers.CharField(required=False)
    return type(f"{resource.serializer.__name__}Search", (serializers.Serializer,), fields)
