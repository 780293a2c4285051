"""The addresses of a resource: only the methods and acts that it offers."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from records.rest.doors import ActDoor, ListDoor, RecordDoor, ResourceDoor, SearchDoor
from records.rest.resources import Resource
from records.rest.schema import described


def routes(resource: Resource) -> list[URLPattern]:
    """List, record, and where offered search, withdraw and restore, for `urlpatterns`."""
    lists = ["get", *(["post"] if resource.offers("create") else [])]
    single = ["get", *(["put", "patch"] if resource.offers("change") else [])]
    single += ["delete"] if resource.offers("delete") else []
    found = [
        _route(resource, ListDoor, "", lists),
        _route(resource, RecordDoor, "<str:id>/", single),
    ]
    if resource.offers("search"):
        found.insert(1, _route(resource, SearchDoor, "search/", ["post"]))
    for act in ("withdraw", "restore"):
        if resource.offers(act):
            found.append(_route(resource, ActDoor, f"<str:id>/{act}/", ["post"], act=act))
    return found


def _route(
    resource: Resource, door: type[ResourceDoor], rest: str, methods: list[str], **attributes: Any
) -> URLPattern:
    name = f"{resource.name}-{attributes.get('act') or door.__name__.removesuffix('Door').lower()}"
    view: Any = type(
        f"{type(resource).__name__}{door.__name__}",
        (door,),
        {"resource": resource, "http_method_names": methods, "__doc__": None, **attributes},
    )
    described(view, resource, methods)
    route: URLPattern = path(f"{resource.name}/{rest}", view.as_view(), name=name)
    return route
