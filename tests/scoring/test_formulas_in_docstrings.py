"""Every number told in a docstring of the method is computed again."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from scorecards.scoring import (
    conduciveness,
    evidence,
    factors,
    facts,
    integration,
    method,
    violations,
)


@pytest.mark.parametrize("module", [conduciveness, evidence, integration, method, violations])
def test_the_examples_beside_the_formulas_hold(module: ModuleType):
    failed, tried = doctest.testmod(module)
    assert tried
    assert not failed


@pytest.mark.parametrize(
    "module", [conduciveness, evidence, facts, factors, integration, method, violations]
)
def test_what_strangers_call_says_what_it_does(module: ModuleType):
    public = [
        one
        for name, one in vars(module).items()
        if not name.startswith("_")
        and getattr(one, "__module__", None) == module.__name__
        and callable(one)
    ]
    assert [one.__name__ for one in public if not one.__doc__] == []
