"""Mint, find and revoke API tokens."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import viewer_for, visible_contexts
from accounts.models import ApiToken, Context, User

PREFIX = "parley_"  # recognisable, so that a leaked one is found by a scan
LONGEST_DAYS = 90


@transaction.atomic
def mint_token(
    *,
    owner: User,
    name: str,
    days: int = LONGEST_DAYS,
    can_write: bool = False,
    contexts: Sequence[Context] = (),
    networks: str = "",
) -> tuple[ApiToken, str]:
    """A new token and its text, which is shown once and never again. ValidationError if refused."""
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        owner=owner,
        name=name,
        digest=digest_of(text),
        can_write=can_write,
        networks="\n".join(_networks(networks)),
        expires_at=timezone.now() + timedelta(days=_days(days)),
    )
    token.full_clean()
    token.save()
    token.contexts.set(_own(owner, contexts))
    return token, text


def _days(days: int) -> int:
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": f"A token lives between 1 and {LONGEST_DAYS} days."})
    return days


def _own(owner: User, contexts: Sequence[Context]) -> Sequence[Context]:
    own = set(visible_contexts(viewer_for(owner), Context.objects.all()))
    if not set(contexts) <= own:
        raise ValidationError({"contexts": "Choose from the contexts in which you work."})
    return contexts


def _networks(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    try:
        return [str(ipaddress.ip_network(line, strict=False)) for line in lines]
    except ValueError:
        raise ValidationError(
            {"networks": "Write one address or network per line, such as 192.0.2.0/24."}
        ) from None


def digest_of(text: str) -> str:
    """What is stored of a token. It is 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(text.encode()).hexdigest()


def token_for(text: str, *, address: str | None = None) -> ApiToken | None:
    """The live token with this text, called from an allowed address; None for everything else."""
    token = (
        ApiToken.objects.select_related("owner")
        .filter(digest=digest_of(text), revoked_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if token is None or not token.owner.is_active or not _may_call_from(token, address):
        return None
    _note_use(token)
    return token


def _may_call_from(token: ApiToken, address: str | None) -> bool:
    networks = token.networks.split()
    if not networks:
        return True
    try:
        caller = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(caller in ipaddress.ip_network(network) for network in networks)


def _note_use(token: ApiToken) -> None:
    """The day of last use, written once a day: enough to find forgotten tokens."""
    today = timezone.localdate()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)


def revoke_token(token: ApiToken) -> None:
    """End a token now; its row stays as a trace."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
