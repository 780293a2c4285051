"""Bearer tokens on the API. There is no session sign-in there, so no request forgery either."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.access import viewer_for
from accounts.models import ApiToken, User
from accounts.services.tokens import token_for


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. Every refusal reads the same."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        word, _, text = request.headers.get("Authorization", "").partition(" ")
        if word.lower() != "bearer":
            return None
        token = token_for(text.strip(), address=request.META.get("REMOTE_ADDR"))
        if token is None:
            raise AuthenticationFailed("This token is not valid. It may have expired.")
        request._request.viewer = viewer_for(token.owner, token)  # type: ignore[attr-defined]
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes the token."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
