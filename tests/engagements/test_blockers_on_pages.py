"""What holds a score down: raised by hand on the dossier's page, lifted there by a head."""

from __future__ import annotations

from uuid import uuid4

from django.urls import reverse

from engagements.models import Blocker
from scorecards.models import Standing
from tests.cast import Cast
from tests.engagements import sent
from tests.engagements.correct_pages import says
from tests.engagements.reading_pages import words

WHY = "Shelling along the only road"


def page(cast: Cast) -> str:
    return reverse("dossier", args=[cast.dossier.pk])


def raised(cast: Cast, **told: str) -> Blocker:
    form = {"note": WHY, "raised_on": "2026-01-17", "pk": str(uuid4())} | told
    address = reverse("new_blocker", args=[cast.dossier.pk])
    for _ in range(2):
        answer = cast.amina.page.post(address, form)
        assert answer.headers["Location"] == page(cast), says(answer)
    return Blocker.objects.get()


def test_a_delegate_raises_it_and_the_page_says_why_and_who(cast: Cast) -> None:
    sent.recompute()
    assert reverse("new_blocker", args=[cast.dossier.pk]) in _source(cast, "amina")
    blocker = raised(cast)
    assert Standing.objects.get(dossier=cast.dossier, clearance=1).is_behind
    sent.recompute()
    shown = words(cast.amina.page.get(page(cast)))
    assert "Since 2026-01-17" in shown
    assert "set by Amina" in shown
    assert WHY in shown
    hers = reverse("blocker_lift", args=[blocker.pk])
    assert hers not in _source(cast, "amina")  # a head's act
    assert hers in _source(cast, "rosa")


def _source(cast: Cast, who: str) -> str:
    return str(getattr(cast, who).page.get(page(cast)).content.decode())


def test_an_analyst_reads_that_it_stands_but_not_why_or_who(cast: Cast) -> None:
    raised(cast)
    sent.recompute()
    shown = words(cast.ann.page.get(page(cast)))
    assert "Blocked:" in shown
    assert WHY not in shown
    assert "set by" not in shown
    assert "Raise a blocker" not in shown


def test_a_head_lifts_it_with_a_reason_and_a_day(cast: Cast) -> None:
    blocker = raised(cast)
    sent.recompute()
    address = reverse("blocker_lift", args=[blocker.pk])
    form = {"pk": str(uuid4()), "note": "", "lifted_on": ""}
    without = cast.rosa.page.post(address, form)
    assert without.status_code == 422
    assert "Say why, in a few words." in says(without)
    early = cast.rosa.page.post(address, form | {"note": "A truce", "lifted_on": "2026-01-16"})
    assert "It was raised after this day." in says(early)
    assert "A truce" in early.content.decode()
    lifted = form | {"note": "A truce", "lifted_on": "2026-02-17"}
    for _ in range(2):
        assert cast.rosa.page.post(address, lifted).headers["Location"] == page(cast)
    blocker.refresh_from_db()
    assert (str(blocker.lifted_on), blocker.lifted_by, blocker.version) == (
        "2026-02-17",
        cast.rosa.user,
        2,
    )
    sent.recompute()
    shown = words(cast.amina.page.get(page(cast)))
    assert "Blocked:" not in shown
    assert "lifted 2026-02-17 by Rosa A truce" in shown
    assert "A truce" not in words(cast.ann.page.get(page(cast)))


def test_one_that_stands_by_itself_is_lifted_too(cast: Cast) -> None:
    told = sent.meeting(cast, readings=[{"factor": "GR2", "rating": 0}], grade="A1", level=2)
    sent.saved(cast.amina.api(), "interactions/", told)
    sent.recompute()
    reason = "core_aim"
    address = reverse("standing_lift", args=[cast.dossier.pk, reason])
    assert address in _source(cast, "rosa")
    assert address not in _source(cast, "amina")
    for someone in (cast.amina, cast.ann, cast.oskar):
        assert someone.page.get(address).status_code == 404
        assert someone.page.post(address, {"note": "x"}).status_code == 404
    unknown = reverse("standing_lift", args=[cast.dossier.pk, "no_such"])
    assert cast.rosa.page.get(unknown).status_code == 404
    form = {"pk": str(uuid4()), "note": "He spoke for himself alone"}
    for _ in range(2):
        assert cast.rosa.page.post(address, form).headers["Location"] == page(cast)
    assert Blocker.objects.get().level == 2
    sent.recompute()
    assert "Blocked:" not in words(cast.amina.page.get(page(cast)))
    again = cast.rosa.page.post(address, form | {"pk": str(uuid4())})
    assert again.status_code == 422
    assert "No such blocker stands on this dossier." in says(again)


def test_who_may_not_raise_or_lift_is_refused(cast: Cast) -> None:
    blocker = raised(cast)
    new = reverse("new_blocker", args=[cast.dossier.pk])
    assert cast.ann.page.get(new).status_code == 403
    for someone in (cast.oskar, cast.ada, cast.aude):
        assert someone.page.get(new).status_code == 404
    lift = reverse("blocker_lift", args=[blocker.pk])
    for someone in (cast.amina, cast.ann, cast.oskar, cast.ada):
        assert someone.page.get(lift).status_code == 404
        assert someone.page.post(lift, {"note": "x"}).status_code == 404


def test_a_blocker_of_a_level_above_ones_clearance_shows_nowhere(cast: Cast) -> None:
    sent.recompute()
    before = words(cast.amina.page.get(page(cast)))
    told = {"note": WHY, "level": "4", "pk": str(uuid4())}
    new = reverse("new_blocker", args=[cast.dossier.pk])
    assert cast.rosa.page.post(new, told).status_code == 302
    sent.recompute()
    assert "Blocked:" in words(cast.rosa.page.get(page(cast)))
    assert words(cast.amina.page.get(page(cast))) == before


def test_bad_input_is_refused_in_words(cast: Cast) -> None:
    new = reverse("new_blocker", args=[cast.dossier.pk])
    for rubbish in ("\0", "x" * 30_000, "2999-01-01"):
        told = {"pk": str(uuid4()), "note": rubbish, "raised_on": rubbish}
        assert cast.amina.page.post(new, told).status_code == 422
    assert not Blocker.objects.exists()
