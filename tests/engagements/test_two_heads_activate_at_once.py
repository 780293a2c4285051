"""Two heads who put two weight sets into force at the same moment: one of them is, and no error."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.urls import reverse

from scorecards.models import WeightSet
from tests.cast import person
from tests.engagements.test_weight_sets import drafted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("again", range(3))
def test_one_set_is_in_force_afterwards(cast, again):
    heads = [person(name, "head", 4, cast.valdoria) for name in ("Hanna", "Hedda")]
    rows = [drafted(cast, version=version) for version in ("2.0.0", "3.0.0")]
    start, answers = threading.Barrier(2), []

    def activate(page, row):
        start.wait()
        address = reverse("weight_set_activate", args=[row.pk])
        answers.append(page.post(address, {"edition": row.edition}).status_code)
        connection.close()

    threads = [
        threading.Thread(target=activate, args=(head.page, row))
        for head, row in zip(heads, rows, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert WeightSet.objects.filter(state="active").count() == 1
    assert {row.activations.count() for row in rows} == {1}
