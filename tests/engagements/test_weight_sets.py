"""Weight sets on pages and over the API: drafts, a second person, and what a change leaves."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError
from django.urls import reverse

from engagements.tasks import sweep_jobs
from scorecards.models import Publication, ScoreSnapshot, Standing, WeightSet
from scorecards.services.weights import active_weight_set, content_of, method_of
from tests.cast import person
from tests.engagements import sent
from tests.engagements.reading_pages import links, plain, words

FIELD = re.compile(r'name="([a-zA-Z0-9_]+)" (?:value="([^"]*)")?')


@pytest.fixture
def hanna(cast):
    """A second head of delegation."""
    return person("Hanna", "head", 4, cast.kestria)


def shown(page, address):
    """The fields of the form there, as a browser would send them."""
    answer = page.get(address)
    assert answer.status_code == 200, address
    form = answer.context["form"]
    return {name: form[name].value() for name in form.fields} | {
        "edition": answer.context["edition"]
    }


def drafted(cast, **changes):
    """A draft of Rosa's, copied from the set in force."""
    page, base = cast.rosa.page, active_weight_set()
    address = reverse("weight_set_copy", args=[base.pk])
    told = shown(page, address) | {"rationale": "We trust presence more."} | changes
    answer = page.post(address, told)
    assert answer.status_code == 302, words_of_errors(answer)
    return WeightSet.objects.get(state="draft", version=told["version"])


def words_of_errors(answer):
    return plain(answer.content.decode())[:2000]


def put_into_force(who, row):
    """As the button does, on the page that this person has read."""
    address = reverse("weight_set_activate", args=[row.pk])
    return who.page.post(address, {"edition": row.edition}, follow=True)


def in_force(cast, hanna, **changes):
    row = drafted(cast, **changes)
    put_into_force(hanna, row)
    row.refresh_from_db()
    assert row.state == "active"
    return row


READINGS = [{"factor": "GR4", "rating": 4}, {"factor": "QI1", "rating": 1}]


def met(cast, **more):
    told = {"readings": READINGS, "grade": "A1", **more}
    sent.saved(cast.rosa.api(), "interactions/", sent.meeting(cast, **told))
    sent.recompute()


HEAVY_GROUP = {"bundle_armed_group": "55", "bundle_interaction": "5"}


def test_a_head_copies_the_shipped_set_and_sees_what_differs(cast):
    row = drafted(cast, **HEAVY_GROUP, kappa="3")
    assert (row.version, row.author.name, row.based_on.version) == ("1.1.0", "Rosa", "1.0.0")
    method = method_of(row)
    assert method.version == "1.1.0"
    assert method.conduciveness.kappa == 3
    assert [one.weight for one in method.conduciveness.bundles] == [0.2, 0.2, 0.55, 0.05]
    page = words(cast.rosa.page.get(reverse("weight_set", args=[row.pk])))
    assert "We trust presence more." in page
    assert "The armed group: weight 0.35 0.55" in page
    assert "Success factors: prior strength κ 2 3" in page


def test_weights_that_do_not_make_a_hundred_are_refused_with_everything_kept(cast):
    address = reverse("weight_set_copy", args=[active_weight_set().pk])
    told = shown(cast.rosa.page, address) | {"rationale": "Why not", "bundle_ngo": "30"}
    answer = cast.rosa.page.post(address, told)
    assert answer.status_code == 422
    said = plain(answer.content.decode())
    assert "together make 110 %, not 100 %" in said
    assert answer.context["form"]["bundle_ngo"].value() == "30"
    assert "Why not" in answer.content.decode()
    assert not WeightSet.objects.filter(state="draft").exists()
    scaled = cast.rosa.page.post(address, told | {"scale": "1"}).context["form"]
    assert [scaled[f"bundle_{one}"].value() for one in ("environment", "ngo")] == ["18.18", "27.27"]
    assert sum(float(scaled[f"bundle_{one}"].value()) for one in BUNDLES) == pytest.approx(100)


BUNDLES = ("environment", "ngo", "armed_group", "interaction")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rationale": " "}, "Say why"),
        ({"version": "1.0.0"}, "There is a set 1.0.0 already"),
        ({"version": "one"}, "Write three numbers with dots"),
        ({"kappa": "0"}, "Not below 0.01"),
        ({"kappa": "nan"}, "Write a number"),
        ({"kappa": "1e999"}, "Write a number"),
        ({"rho": "1.2"}, "Not above 1"),
        ({"slack": ""}, "Write a number"),
        ({"half_QI1": "0"}, "Not below 1"),
        ({"share_EN1": "-1"}, "Not below 0"),
        ({"bundle_ngo": "20\x00"}, "Write a number"),
        ({"version": "9" * 40}, "Keep this under 20 characters"),
        ({f"share_QI{n}": "0" for n in range(1, 7)}, "A bundle with weight needs a factor"),
    ],
)
def test_what_makes_no_method_is_said_beside_the_field(cast, changes, sentence):
    address = reverse("weight_set_copy", args=[active_weight_set().pk])
    told = shown(cast.rosa.page, address) | {"rationale": "A reason"} | changes
    answer = cast.rosa.page.post(address, told)
    assert answer.status_code == 422
    assert sentence in plain(answer.content.decode())
    assert not WeightSet.objects.filter(state="draft").exists()


def test_a_draft_saved_on_two_pages_keeps_the_first_and_shows_the_second(cast):
    row = drafted(cast)
    address = reverse("weight_set_edit", args=[row.pk])
    told = shown(cast.rosa.page, address)
    assert cast.rosa.page.post(address, told | {"kappa": "4"}).status_code == 302
    late = cast.rosa.page.post(address, told | {"kappa": "5"})
    assert late.status_code == 409
    assert late.context["form"]["kappa"].value() == "5"
    row.refresh_from_db()
    assert content_of(row).kappa == 4
    again = cast.rosa.page.post(address, told | {"kappa": "5", "edition": late.context["edition"]})
    assert again.status_code == 302
    row.refresh_from_db()
    assert content_of(row).kappa == 5


def test_a_draft_that_changed_since_it_was_read_is_not_put_into_force(cast, hanna):
    read = drafted(cast)
    address = reverse("weight_set_edit", args=[read.pk])
    told = shown(cast.rosa.page, address) | {"kappa": "9"}
    assert cast.rosa.page.post(address, told).status_code == 302
    assert "since you read it" in words(put_into_force(hanna, read))
    row = WeightSet.objects.get(pk=read.pk)
    assert row.state == "draft"
    put_into_force(hanna, row)
    assert "in force already" in words(put_into_force(hanna, row))
    assert row.activations.count() == 1


def test_only_a_second_head_puts_a_set_into_force(cast, hanna):
    row = drafted(cast)
    address = reverse("weight_set_activate", args=[row.pk])
    assert "you wrote it" in plain(cast.rosa.page.post(address, follow=True).content.decode())
    for nobody in (cast.amina, cast.ann, cast.ada, cast.aude):
        assert nobody.page.post(address).status_code in (403, 404)
    row.refresh_from_db()
    assert row.state == "draft"
    put_into_force(hanna, row)
    row.refresh_from_db()
    assert row.state == "active"
    assert WeightSet.objects.get(version="1.0.0").state == "retired"
    assert row.activations.get().activated_by == hanna.user


def test_drafts_are_for_heads_and_sets_in_force_for_everybody(cast):
    row = drafted(cast)
    for someone in (cast.amina, cast.ann, cast.ada, cast.aude):
        listed = someone.page.get(reverse("weight_sets"))
        assert "1.0.0" in words(listed)
        assert "1.1.0" not in words(listed)
        for name in ("weight_set", "weight_set_edit", "weight_set_preview", "weight_set_copy"):
            assert someone.page.get(reverse(name, args=[row.pk])).status_code == 404, name
        copy = reverse("weight_set_copy", args=[active_weight_set().pk])
        assert someone.page.get(copy).status_code == 403
        assert someone.page.post(copy, {}).status_code == 403
        told = someone.api().get("methods/").json()["results"]
        assert [one["version"] for one in told] == ["1.0.0"]
        assert someone.api().get(f"methods/{row.pk}/").status_code == 404


def test_another_head_reads_a_draft_but_edits_only_a_copy(cast, hanna):
    row = drafted(cast)
    address = reverse("weight_set_edit", args=[row.pk])
    assert hanna.page.get(address).status_code == 302
    told = shown(cast.rosa.page, address) | {"kappa": "7"}
    hanna.page.post(address, told)
    row.refresh_from_db()
    assert content_of(row).kappa == 2
    assert hanna.page.get(reverse("weight_set_copy", args=[row.pk])).status_code == 200


def test_a_set_that_was_in_force_never_changes_not_even_behind_the_services(cast, hanna):
    row = in_force(cast, hanna)
    shipped = WeightSet.objects.get(version="1.0.0")
    for kept in (row, shipped):
        for change in (
            {"parameters": {}},
            {"version": "7.0.0"},
            {"rationale": "other"},
            {"checksum": "0"},
            {"state": "draft"},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                WeightSet.objects.filter(pk=kept.pk).update(**change)
        with pytest.raises(ProtectedError):
            kept.delete()
    edit = reverse("weight_set_edit", args=[shipped.pk])
    assert cast.rosa.page.get(edit).status_code == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        WeightSet.objects.filter(pk=shipped.pk).update(state="active")
    put_into_force(hanna, shipped)
    assert active_weight_set() == shipped
    assert shipped.activations.count() == 2


def rows_of(model):
    """Every row with every column, in one order."""
    names = [field.attname for field in model._meta.concrete_fields]
    return {row[0]: row for row in model.objects.order_by("pk").values_list(*names)}


def test_a_new_set_makes_every_dossier_stale_at_every_clearance_and_rewrites_nothing(cast, hanna):
    met(cast)
    other = sent.saved(cast.rosa.api(), "dossiers/", sent.dossier(cast))["id"]
    sent.recompute()
    assert not Standing.objects.exclude(asked=F("scored")).exists()
    snapshots, published = rows_of(ScoreSnapshot), rows_of(Publication)
    row = in_force(cast, hanna, **HEAVY_GROUP)
    assert Standing.objects.exclude(asked=F("scored")).count() == 8
    before = cast.amina.api().get(f"success-factors/{cast.dossier.pk}/").json()
    assert (before["state"], before["method"]["version"]) == ("pending", "1.0.0")
    sent.recompute()
    after = cast.amina.api().get(f"success-factors/{cast.dossier.pk}/").json()
    assert (after["state"], after["method"]["version"]) == ("current", "1.1.0")
    assert after["score"] > before["score"]
    weights = {name: part["weight"] for name, part in after["bundles"].items()}
    assert weights["armed_group"] == 0.55
    assert snapshots.items() <= rows_of(ScoreSnapshot).items()
    assert published.items() <= rows_of(Publication).items()
    newest = Publication.objects.filter(dossier=other, clearance=3).first()
    assert (newest.because_kind, newest.because_record) == ("weight_set", row.pk)
    page = cast.amina.page.get(reverse("dossier", args=[cast.dossier.pk]))
    assert reverse("weight_set", args=[row.pk]) in links(page)


def test_the_preview_is_what_the_recompute_then_brings(cast, hanna):
    met(cast)
    row = drafted(cast, **HEAVY_GROUP)
    seen = cast.rosa.page.get(reverse("weight_set_preview", args=[row.pk]))
    line = seen.context["preview"].lines[0]
    read = cast.rosa.api().get(f"success-factors/{cast.dossier.pk}/").json()
    assert round(line.before.score, 4) == read["score"]
    put_into_force(hanna, row)
    sent.recompute()
    read = cast.rosa.api().get(f"success-factors/{cast.dossier.pk}/").json()
    assert round(line.after.score, 4) == read["score"]


def test_the_preview_takes_unsaved_numbers_and_saves_nothing(cast):
    met(cast)
    row = drafted(cast)
    edit, live = (reverse(f"weight_set_{one}", args=[row.pk]) for one in ("edit", "preview"))
    told = shown(cast.rosa.page, edit) | HEAVY_GROUP
    by_script = cast.rosa.page.post(live, told)
    by_button = cast.rosa.page.post(edit, told | {"preview": "1"})
    assert "No score moves by more than" in words(by_script)
    assert by_script.context["preview"].largest_score_move > 1
    assert (
        by_button.context["preview"].lines[0].after == by_script.context["preview"].lines[0].after
    )
    row.refresh_from_db()
    assert content_of(row).bundles["armed_group"] == 0.35
    wrong = cast.rosa.page.post(live, told | {"kappa": "x"})
    assert wrong.status_code == 422
    assert "Write a number" in plain(wrong.content.decode())


def test_the_preview_holds_what_its_reader_may_see_alone(cast, hanna):
    met(cast)
    row = drafted(cast)
    seen = hanna.page.get(reverse("weight_set_preview", args=[row.pk])).content.decode()
    assert cast.group.name not in seen
    assert str(cast.dossier.pk) not in seen


def test_a_draft_put_aside_leaves_the_list_of_everybody_else(cast, hanna):
    row = drafted(cast)
    assert cast.amina.page.post(reverse("weight_set_retire", args=[row.pk])).status_code == 404
    hanna.page.post(reverse("weight_set_retire", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == "retired"
    assert "1.1.0" not in words(cast.amina.page.get(reverse("weight_sets")))
    active = active_weight_set()
    cast.rosa.page.post(reverse("weight_set_retire", args=[active.pk]))
    active.refresh_from_db()
    assert active.state == "active"


def test_the_api_lists_the_sets_and_tells_one_whole(cast, hanna):
    row = in_force(cast, hanna)
    api = cast.amina.api()
    listed = api.get("methods/")
    assert [one["version"] for one in listed.json()["results"]] == ["1.1.0", "1.0.0"]
    assert api.get("methods/", If_None_Match=listed.headers["ETag"]).status_code == 304
    one = api.get(f"methods/{row.pk}/").json()
    assert one["author"]["name"] == "Rosa"
    assert one["parameters"] == method_of(row).to_dict()
    assert one["checksum"] == f"sha256:{method_of(row).checksum}"
    assert len(one["criteria"]) == 41
    assert all(len(criterion["anchors"]) == 5 for criterion in one["criteria"])
    assert sum(factor["weight"] for factor in one["factors"]) == pytest.approx(1)
    scored = api.get(f"scorecards/{cast.dossier.pk}/").json()
    assert scored["method"] is None or scored["method"]["id"] in {
        row["id"] for row in listed.json()["results"]
    }
    for absent in ("no-id", str(cast.dossier.pk)):
        assert api.get(f"methods/{absent}/").status_code == 404
    assert api.get("methods/?colour=red").status_code == 400
    assert api.post("methods/", {}).status_code == 405


def test_work_of_a_new_set_is_done_by_the_sweep(cast, hanna):
    met(cast)
    in_force(cast, hanna)
    while sweep_jobs():
        pass
    sent.recompute()
    assert not Standing.objects.exclude(asked=F("scored")).exists()
