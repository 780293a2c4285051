import time
from typing import Any

from django.core.management.base import BaseCommand

from engagements.restating import restate
from engagements.selectors.every_dossier import every_dossier
from scorecards.services.weights import active_weight_set

PATIENCE = 2.0  # seconds without a word


class Command(BaseCommand):
    help = (
        "Compute every dossier's past again by the weight set in force, beside what was published."
    )

    def handle(self, **options: Any) -> None:
        told, days, dossiers = time.monotonic(), 0, 0
        for pk in every_dossier():
            days += restate(pk)
            dossiers += 1
            if time.monotonic() - told > PATIENCE:
                told = time.monotonic()
                self._say(f"  {dossiers} dossiers, {days} days")
        self._say(
            f"{days} days of {dossiers} dossiers computed again by set "
            f"{active_weight_set().version}. What was published stays."
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
