"""Two raters who hand in at the same moment are compared all the same, once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from scorecards.models import ReviewTask
from tests.cast import person
from tests.engagements import sent

pytestmark = pytest.mark.django_db(transaction=True)


def drafted(cast, who, rating):
    body = sent.assessment(cast, ratings=[{"criterion": "D1", "rating": rating}])
    return f"assessments/{sent.saved(who.api(), 'assessments/', body)['id']}/submit/"


@pytest.mark.parametrize("again", range(3))
def test_one_of_the_two_sees_the_other(cast, again):
    sami = person("Sami", "delegate", 3, cast.valdoria)
    steps = [
        (who.api(), drafted(cast, who, rating)) for who, rating in ((cast.amina, 0), (sami, 4))
    ]
    start, answers = threading.Barrier(2), []

    def hand_in(api, path):
        start.wait()
        answers.append(api.post(path).status_code)
        connection.close()

    threads = [threading.Thread(target=hand_in, args=step) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200, 200]
    assert ReviewTask.objects.filter(subject="D1", progress="open").count() == 1
