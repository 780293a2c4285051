"""`manage.py first_head USER --name N --context CODE --called NAME`: open an empty register."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.people import open_register


class Command(BaseCommand):
    help = "Give an empty register its first head of delegation and context."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="user name to sign in with")
        parser.add_argument("--name", required=True, help="as colleagues know this person")
        parser.add_argument("--context", required=True, help="short code of the first context")
        parser.add_argument("--called", required=True, help="name of the first context")
        parser.add_argument("--country", action="append", default=[], help="two-letter code")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            head, password = open_register(
                username=options["user"],
                name=options["name"],
                code=options["context"],
                context=options["called"],
                countries=options["country"],
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        self.stdout.write(f"{head.name} signs in as {head.username} with this password, told once:")
        self.stdout.write(password)
