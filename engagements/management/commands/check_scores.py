import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.utils import timezone

from engagements.ageing import counted, look_again
from engagements.selectors.every_dossier import every_dossier

PATIENCE = 2.0  # seconds without a word


class Command(BaseCommand):
    help = "Hold every published score against today's facts; put right what nobody marked."

    def handle(self, **options: Any) -> None:
        today = timezone.localdate()
        counts = counted(look_again(pk, as_of=today) for pk in self._told(every_dossier()))
        self._say(
            f"{sum(counts.values())} dossiers: {counts['same']} read the same, {counts['aged']} "
            f"grown older and published, {counts['repaired']} put right, {counts['asked']} "
            "with a recompute under way."
        )

    def _told(self, dossiers: Iterator[UUID]) -> Iterator[UUID]:
        told = time.monotonic()
        for number, pk in enumerate(dossiers):
            if time.monotonic() - told > PATIENCE:
                told = time.monotonic()
                self._say(f"  {number} dossiers looked at")
            yield pk

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
