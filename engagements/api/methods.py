"""`/methods/`: the versions of the method, each with its parameters, criteria and factors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from engagements.selectors.weight_sets import method_json, set_for, set_json, sets_visible_to
from engagements.serializers.methods import MethodBody, MethodRow
from records.rest.doors import Door
from records.rest.etags import etag, record_part


class Methods(Door):
    """All of them in one answer: an organisation has a handful."""

    @extend_schema(
        tags=["Reference"],
        summary="The versions of the method",
        responses=MethodRow(many=True),
        operation_id="list_methods",
    )
    def get(self, request: Request) -> Response:
        self.parameters("")
        rows = [set_json(row) for row in sets_visible_to(self.viewer)]
        tag = etag(record_part("", [rows]), "methods")
        body: dict[str, Any] = {"results": rows, "next": None, "previous": None}
        return self.unless_known(tag) or Response(body, headers={"ETag": tag})


class OneMethod(Door):
    @extend_schema(
        tags=["Reference"],
        summary="One version of the method, with every parameter",
        responses=MethodBody,
        operation_id="read_methods",
    )
    def get(self, request: Request, id: str) -> Response:
        self.parameters("")
        try:
            row = set_for(self.viewer, UUID(id))
        except ValueError:
            raise Http404 from None
        told = method_json(row)
        tag = etag(record_part("", [told]), "method")
        return self.unless_known(tag) or Response(told, headers={"ETag": tag})
