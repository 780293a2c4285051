"""Row 8: a list costs the same number of statements, however many rows it shows."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.bench.bars import Figure
from engagements.bench.client import fresh_token
from engagements.bench.rows import Here, row

LISTS = (
    "armed-groups", "assessments", "blockers", "claims", "commitments", "contexts", "counterparts",
    "dossiers", "engagements", "follow-ups", "incidents", "interactions", "ngos", "observations",
    "plans", "scorecards", "success-factors",
)  # fmt: skip
LIMITS = (10, 50, 200)


@row(8)
def statements_of_lists(here: Here) -> Iterator[Figure]:
    client, counts = Client(headers={"Authorization": f"Bearer {fresh_token()}"}), {}
    for name in LISTS:
        counts[name] = [statements(client, f"/api/v1/{name}/?limit={n}") for n in LIMITS]
    most = max(counts, key=lambda name: max(counts[name]))
    unequal = [name for name, found in counts.items() if len(set(found)) > 1]
    yield Figure("statements", max(counts[most]), f"most: {most}, of {len(LISTS)} lists")
    yield Figure("unequal", len(unequal), ", ".join(unequal) or "10, 50 and 200 rows")


def statements(client: Client, path: str) -> int:
    """Those of the second request: the first opens keys that are then remembered."""
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path, SERVER_NAME="127.0.0.1")
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(asked)
