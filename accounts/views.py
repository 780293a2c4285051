"""The account pages: one's own tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import TokenForm
from accounts.selectors import tokens_of
from accounts.services.tokens import mint_token, revoke_token


@login_required
@require_http_methods(["GET", "POST"])
@sensitive_variables("text")
def tokens(request: Any) -> HttpResponse:
    """List one's tokens and make a new one, whose text is shown in this answer and never again."""
    form, text = TokenForm(request.POST or None, viewer=request.viewer), ""
    if form.is_valid():
        try:
            _, text = mint_token(owner=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            form = TokenForm(viewer=request.viewer)
    return _tokens_page(request, form, text)


def _tokens_page(request: Any, form: TokenForm, text: str) -> HttpResponse:
    now = timezone.now()
    own = list(tokens_of(request.user))
    live = [row for row in own if row.revoked_at is None and row.expires_at > now]
    told = {
        "form": form,
        "text": text,
        "live": live,
        "ended": [row for row in own if row not in live],
    }
    return render(request, "accounts/tokens.html", told, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End one of one's own tokens; somebody else's is not found."""
    revoke_token(get_object_or_404(tokens_of(request.user), pk=pk))  # type: ignore[arg-type]
    return redirect("tokens")
