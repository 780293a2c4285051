"""How Parley bends allauth: nobody signs themselves up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Somebody who was switched off is refused in the words of a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing on signing in and out: a name on a screen helps nobody."""
