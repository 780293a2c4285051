from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagements.samples.cast import sign_in_lines
from engagements.samples.register import RealRegister, add_sample


class Command(BaseCommand):
    help = "Add the sample register: historic cases, and invented contexts with people to sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sign-ins", action="store_true", help="only say who may sign in, and how"
        )

    def handle(self, *, sign_ins: bool, **options: Any) -> None:
        if not sign_ins:
            self._add()
        self._say_sign_ins()

    def _add(self) -> None:
        try:
            added = add_sample(timezone.localdate(), self._say)
        except RealRegister:
            raise CommandError(
                "This register holds data of its own, and the sample's people sign in with a "
                "password that everybody knows. Use an empty database for the sample."
            ) from None
        self._say("The sample register is there." if added else "It was there: nothing changed.")

    def _say_sign_ins(self) -> None:
        if lines := sign_in_lines():
            self._say("Sign in as (name, password, who this is):")
            for line in lines:
                self._say(line)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
