"""Known passwords and invented records have no place beside somebody's own data."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Context, User
from engagements.models import Interaction

pytestmark = pytest.mark.django_db


def test_the_sample_is_refused_where_somebody_real_signs_in():
    User.objects.create_user("nour", "a long enough word", name="Nour")
    with pytest.raises(CommandError, match="holds data of its own"):
        call_command("sample")
    assert not User.objects.filter(is_sample=True).exists()


def test_the_sample_is_refused_beside_a_context_of_somebody_else():
    Context.objects.create(code="north", name="North", countries=["QX"])
    with pytest.raises(CommandError, match="Use an empty database"):
        call_command("sample")
    assert not Interaction.objects.exists()


def test_a_register_without_sample_people_tells_no_sign_ins(capsys):
    call_command("sample", sign_ins=True)
    assert capsys.readouterr().out == ""
