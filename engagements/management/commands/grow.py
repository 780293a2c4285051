from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagements.samples.grow import NotEmpty, grow
from engagements.samples.seed import SEED
from records.sealing import check_keys


class Command(BaseCommand):
    help = "Fill an empty database with invented records of any number, to measure by."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interactions", type=int, default=10_000, help="how many meetings")
        parser.add_argument(
            "--seed", type=int, default=SEED, help="the same seed, the same register"
        )
        parser.add_argument("--no-scores", action="store_true", help="leave the dossiers unscored")

    def handle(self, *, interactions: int, seed: int, no_scores: bool, **options: Any) -> None:
        if interactions < 1:
            raise CommandError("Ask for one meeting or more.")
        check_keys()
        try:
            grow(
                interactions,
                seed=seed,
                today=timezone.localdate(),
                say=self._say,
                scores=not no_scores,
            )
        except NotEmpty:
            raise CommandError(
                "There are records here already. Grow a register in an empty database of its own."
            ) from None
        self._say(f"Done: {interactions:,} meetings.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
