"""Section 3.6: a method is a plain set of parameters with a version and a checksum."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.integration import integration
from scorecards.scoring.method import ENGINE, Method, NotAMethod
from tests.scoring.cases import AS_OF, METHOD, altered, facts


def test_the_shipped_method_and_the_engine_are_version_one():
    assert (METHOD.version, ENGINE) == ("1.0.0", "1.0.0")


def test_a_method_comes_back_from_its_own_parameters():
    again = Method.from_dict(json.loads(json.dumps(METHOD.to_dict())))
    assert again == METHOD
    assert again.checksum == METHOD.checksum


def test_the_checksum_does_not_depend_on_the_order_of_keys():
    turned = json.loads(json.dumps(METHOD.to_dict(), sort_keys=True))
    assert Method.from_dict(turned).checksum == METHOD.checksum


def test_any_changed_parameter_changes_the_checksum():
    assert altered(conduciveness={"rho": 0.31}).checksum != METHOD.checksum


def test_a_method_cannot_be_changed():
    with pytest.raises(AttributeError):
        METHOD.conduciveness.kappa = 3
    with pytest.raises(TypeError):
        METHOD.conduciveness.computed.intensity["I0"] = 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"conduciveness": {"kappa": 0}}, "kappa"),
        ({"conduciveness": {"rho": 1.5}}, "rho"),
        ({"conduciveness": {"bundles": [{"code": "ngo", "weight": 0.4}]}}, "bundle weights"),
        ({"conduciveness": {"kappa": "two"}}, "method.conduciveness.kappa"),
        ({"conduciveness": {"kappa": True}}, "method.conduciveness.kappa"),
        ({"conduciveness": {"kappa": -1}}, "0 or more"),
        ({"conduciveness": {"surprise": 1}}, "surprise"),
        ({"integration": {"dimensions": []}}, "the four and the programme"),
        ({"integration": {"criteria": [{"code": "D1"}]}}, "criteria"),
        ({"grades": {"sources": {"A": 2, "B": 0.8}}}, "between 0 and 1"),
    ],
)
def test_parameters_that_make_no_method_are_refused_by_name(changes, words):
    with pytest.raises(NotAMethod, match=words):
        altered(**changes)


def test_a_bundle_may_be_set_to_nothing():
    bundles = [
        {"code": "environment", "weight": 0},
        {"code": "ngo", "weight": 0.4},
        {"code": "armed_group", "weight": 0.35},
        {"code": "interaction", "weight": 0.25},
    ]
    omega = altered(conduciveness={"bundles": bundles}).conduciveness.omega
    assert omega["EN1"] == 0
    assert sum(omega.values()) == pytest.approx(1)


def test_the_shipped_parameters_stand_in_one_file_that_holds_all_codes():
    factors = [one.factor for one in conduciveness(facts(), AS_OF, METHOD).factors]
    criteria = [row["criterion"] for row in integration(facts(), AS_OF, METHOD).evidence]
    assert (len(factors), len(set(factors))) == (31, 31)
    assert (len(criteria), len(set(criteria))) == (41, 41)


def test_scoring_imports_neither_django_nor_the_register():
    program = (
        "import sys, scorecards.scoring.conduciveness, scorecards.scoring.integration;"
        "print([name for name in sys.modules if name.split('.')[0] in"
        " ('django', 'celery', 'rest_framework', 'engagements', 'actors', 'accounts')])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"
