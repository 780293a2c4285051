from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config import embedded


class Command(BaseCommand):
    help = "Set up Parley on this machine, with a sample register, and serve it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="the port to serve on (default: 8000 or next)")
        parser.add_argument(
            "--empty", action="store_true", help="a register of your own, without the sample"
        )

    def handle(self, *, port: int | None, empty: bool, **options: Any) -> None:
        embedded.up(port=port, empty=empty, say=self.say)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
