"""`/codes/`: every code list with its labels, in every language there is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.apps import apps
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from records.codes import Code, CodeList, load
from records.rest.doors import Door
from records.rest.etags import etag, record_part

# Lists that an app keeps in a file of their own.
FILES = ("codes.toml", "criteria.toml", "factors.toml")


@cache
def all_lists() -> dict[str, CodeList]:
    """Every list of every app that has any, by name. Apps are found, not imported."""
    found: dict[str, CodeList] = {}
    for app in sorted(config.name for config in apps.get_app_configs()):
        for file in FILES:
            if app.count(".") == 0 and files(app).joinpath(file).is_file():
                found |= load(app, file)
    return found


@cache
def told_lists() -> tuple[str, list[dict[str, Any]]]:
    """The answer and its ETag: the same for everybody until the next release."""
    rows = [list_row(codes) for codes in all_lists().values()]
    return etag(record_part("", [rows]), "codes"), rows


def list_row(codes: CodeList) -> dict[str, Any]:
    return {
        "name": codes.name,
        "title": codes.title,
        "source": codes.source,
        "note": codes.note,
        "codes": [code_row(code) for code in codes],
    }


def code_row(code: Code) -> dict[str, Any]:
    told = {"code": code.code, "labels": dict(code.labels), "note": code.note}
    return told | {"source": code.source, **_plain(code.extra)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


class CodeListBody(serializers.Serializer):
    """One code list; `labels` has one text per language, further keys say more of a code."""

    name = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField()
    codes = serializers.ListField(child=serializers.DictField())


class CodeLists(Door):
    @extend_schema(
        tags=["Reference"],
        summary="All code lists",
        responses=CodeListBody(many=True),
        operation_id="list_codes",
    )
    def get(self, request: Request) -> Response:
        self.parameters("")
        tag, rows = told_lists()
        answer = {"results": rows, "next": None, "previous": None}
        return self.unless_known(tag) or Response(answer, headers={"ETag": tag})


class OneCodeList(Door):
    @extend_schema(
        tags=["Reference"],
        summary="One code list",
        responses=CodeListBody,
        operation_id="read_codes",
    )
    def get(self, request: Request, name: str) -> Response:
        self.parameters("")
        if name not in all_lists():
            raise Http404
        row = list_row(all_lists()[name])
        tag = etag(record_part("", [row]), name)
        return self.unless_known(tag) or Response(row, headers={"ETag": tag})
