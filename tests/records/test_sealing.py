"""What is sealed opens in its own place, with the right key, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, transaction

from accounts.models import Context
from actors.models import ArmedGroup, Counterpart, Identity
from records.models import DataKey
from records.sealing import (
    CannotUnseal,
    KeysUnusable,
    check_keys,
    create_key,
    ensure_kek,
    forget_keys,
    seal,
    unseal,
)

pytestmark = pytest.mark.django_db

NAME = "Canary Ömer العقيد"


@pytest.fixture
def context() -> Context:
    context = Context.objects.create(code="north", name="North")
    create_key(context.pk)
    return context


@pytest.fixture
def identity(context: Context) -> Identity:
    group = ArmedGroup.objects.create(name="Front")
    shell = Counterpart.objects.create(context=context, armed_group=group, code="F1", rank="L2")
    return Identity.objects.create(context=context, counterpart=shell, name=NAME, level=4)


def stored(identity: Identity) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM actors_identity")
        return bytes(cursor.fetchone()[0])


def test_a_sealed_name_is_read_back_and_is_not_in_the_table(identity):
    assert Identity.objects.get(pk=identity.pk).name == NAME
    assert NAME.encode() not in stored(identity)
    assert b"Canary" not in stored(identity)


def test_saving_again_seals_anew_and_keeps_the_text(identity):
    before = stored(identity)
    row = Identity.objects.get(pk=identity.pk)
    row.save()
    assert stored(identity) != before
    assert Identity.objects.get(pk=identity.pk).name == NAME


def test_a_ciphertext_moved_to_another_row_does_not_open(identity, context):
    shell = Counterpart.objects.create(
        context=context, armed_group=identity.counterpart.armed_group, code="F2", rank="L3"
    )
    other = Identity.objects.create(context=context, counterpart=shell, name="Somebody")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE actors_identity SET name = (SELECT name FROM actors_identity WHERE level = 4)"
        )
    with pytest.raises(CannotUnseal):
        _ = Identity.objects.get(pk=other.pk).name


def test_one_contexts_key_does_not_open_another(context):
    other = Context.objects.create(code="south", name="South")
    create_key(other.pk)
    sealed = seal(NAME, place="here", compartment=context.pk)
    with pytest.raises(CannotUnseal):
        unseal(sealed, place="here", compartment=other.pk)


@pytest.mark.parametrize(
    "spoil", [lambda b: b[:-1], lambda b: b[:30] + bytes([b[30] ^ 1]) + b[31:], lambda b: b""]
)
def test_a_damaged_value_is_refused_and_never_returned(context, spoil):
    sealed = seal(NAME, place="here", compartment=context.pk)
    with pytest.raises(CannotUnseal):
        unseal(spoil(sealed), place="here", compartment=context.pk)


def test_the_wrong_key_encryption_key_is_refused(context, settings, tmp_path):
    create_key(None)
    settings.PARLEY_KEK_FILE = tmp_path / "kek"
    ensure_kek(tmp_path / "kek")
    forget_keys()
    with pytest.raises(KeysUnusable, match="does not belong"):
        check_keys()


def test_a_missing_key_encryption_key_is_refused(settings, tmp_path):
    settings.PARLEY_KEK_FILE = tmp_path / "nowhere"
    with pytest.raises(KeysUnusable, match="missing or damaged"):
        create_key(None)


def test_a_new_key_file_is_for_its_owner_alone(tmp_path):
    path: Path = tmp_path / "keys" / "kek"
    assert ensure_kek(path)
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_text()
    assert not ensure_kek(path)
    assert path.read_text() == before


def test_nothing_is_sealed_for_a_context_without_a_key():
    with pytest.raises(KeysUnusable):
        seal(NAME, place="here", compartment=uuid4())


def test_a_context_has_one_key_in_use(context):
    assert create_key(context.pk) == DataKey.objects.get(compartment=context.pk).pk


def test_a_key_that_was_rolled_back_seals_nothing_later():
    compartment = uuid4()
    with transaction.atomic():
        create_key(compartment)
        seal(NAME, place="here", compartment=compartment)
        transaction.set_rollback(True)
    with pytest.raises(KeysUnusable):
        seal(NAME, place="here", compartment=compartment)


def test_sealed_columns_refuse_bulk_updates_and_searches(identity):
    with pytest.raises(TypeError, match="sealed"):
        Identity.objects.update(name="open text")
    with pytest.raises(TypeError, match="searched"):
        Identity.objects.filter(name__contains="Can")
