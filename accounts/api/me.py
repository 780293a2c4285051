"""`/me/`: who the token speaks for, and how far it reaches."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import account_of
from records.rest.doors import Door


class MeBody(serializers.Serializer):
    """The owner of the token, their memberships as the token has them, and the token itself."""

    user = serializers.DictField()
    memberships = serializers.ListField(child=serializers.DictField())
    token = serializers.DictField()


class Me(Door):
    @extend_schema(tags=["Service"], summary="Who I am", responses=MeBody, operation_id="read_me")
    def get(self, request: Request) -> Response:
        self.parameters("")
        told: dict[str, Any] = account_of(self.viewer)
        return Response(told)
