"""`manage.py token USER --name N [--write] [--days N]`: print a token, as the last word."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.selectors import sample_users_exist
from accounts.services.tokens import LONGEST_DAYS, mint_token

# Whoever runs the machine of a real register must not make themselves a reader of it.
REFUSED = "This register is no trial. Its owner makes a token on the page of their tokens."


class Command(BaseCommand):
    help = "Make an API token for a user of a trial. It is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="user name of the owner")
        parser.add_argument("--name", required=True, help="what uses it")
        parser.add_argument("--write", action="store_true", help="it may change records too")
        parser.add_argument("--days", type=int, default=LONGEST_DAYS, help="how long it lives")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.PARLEY_TRIAL or sample_users_exist()):
            raise CommandError(REFUSED)
        owner = User.objects.filter(username=options["user"], is_active=True).first()
        if owner is None:
            raise CommandError(f"There is no active user {options['user']!r}.")
        try:
            token, text = mint_token(
                owner=owner,
                name=options["name"],
                days=options["days"],
                can_write=options["write"],
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        way = "reads and writes" if token.can_write else "reads only"
        self.stdout.write(f"{owner.name}, {token.name}, {way}, until {token.expires_at:%Y-%m-%d}:")
        self.stdout.write(text)
