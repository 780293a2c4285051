"""`/schema/` and `/docs/`: the contract as a file and as a page. Open to pages' sessions too."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import TokenAuthentication
from records.rest.doors import Door
from records.rest.etags import etag, record_part


class PageSession(BaseAuthentication):
    """Somebody signed in on the pages. For reading only: a session changes nothing by the API."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        user = request._request.user
        return (user, None) if user.is_authenticated else None


class AnyKind(BaseContentNegotiation):
    """A browser asks for HTML and gets what there is."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI 3.1 description; the same for everybody, made once per process."""
    return SchemaGenerator().get_schema(request=None, public=True)


@cache
def schema_tag() -> str:
    return etag(record_part("", [schema()]), "schema")


@extend_schema(exclude=True)
class Schema(Door):
    authentication_classes = [TokenAuthentication, PageSession]
    content_negotiation_class = AnyKind

    def get(self, request: Request) -> Response:
        told, tag = schema(), schema_tag()
        return self.unless_known(tag) or Response(
            told, headers={"ETag": tag}, content_type="application/vnd.oai.openapi+json"
        )


@extend_schema(exclude=True)
class Reference(Door):
    authentication_classes = [TokenAuthentication, PageSession]
    content_negotiation_class = AnyKind

    def get(self, request: Request) -> Any:
        return render(request._request, "accounts/reference.html", {"resources": by_resource()})


@cache
def by_resource() -> list[dict[str, Any]]:
    """The schema as the page tells it: per resource its operations and its fields."""
    told = schema()
    found: dict[str, dict[str, Any]] = {}
    for address, methods in told["paths"].items():
        for method, words in methods.items():
            tag = words["tags"][0]
            resource = found.setdefault(tag, {"title": tag, "operations": [], "fields": []})
            resource["operations"].append(_operation(address, method, words))
            if words["operationId"].startswith("read_"):
                resource["fields"] = _fields(told, words)
    return sorted(found.values(), key=lambda resource: resource["title"])


def _operation(address: str, method: str, words: dict[str, Any]) -> dict[str, Any]:
    parameters = [one for one in words.get("parameters", []) if one["in"] != "path"]
    return {
        "method": method.upper(),
        "address": address,
        "summary": words.get("summary", ""),
        "parameters": [
            {"name": one["name"], "words": one.get("description", "")} for one in parameters
        ],
    }


def _fields(told: dict[str, Any], words: dict[str, Any]) -> list[dict[str, str]]:
    content = words["responses"]["200"]["content"]
    body = next(iter(content.values()))["schema"]
    name = body.get("$ref", "").rsplit("/", 1)[-1]
    properties = told["components"]["schemas"].get(name, {}).get("properties", {})
    return [{"name": key, "sort": _sort(value)} for key, value in properties.items()]


def _sort(value: dict[str, Any]) -> str:
    if "$ref" in value:
        return str(value["$ref"].rsplit("/", 1)[-1])
    if value.get("type") == "array":
        return f"list of {_sort(value.get('items', {}))}"
    sort = value.get("format") or value.get("type") or "one of several"
    return ", ".join(sort) if isinstance(sort, list) else str(sort)
