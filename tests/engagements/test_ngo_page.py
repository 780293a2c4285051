"""NGOs in the four-category matrix, and the page of one."""

from __future__ import annotations

from django.urls import reverse

from actors.models import NgoService, NgoType
from records.dates import PartialDate
from tests.cast import an_ngo
from tests.engagements.reading_pages import links, section, words


def test_the_matrix_draws_each_ngo_in_its_cells(cast):
    NgoType.objects.create(ngo=cast.ngo, type="OPS")
    source = cast.amina.page.get("/ngos/").content.decode()
    drawn = source[: source.index("As a list")]
    cells = {
        part.split("<", 1)[0].strip(): part for part in drawn.split('<div class="cell"><h3>')[1:]
    }
    main, further = cells["Norm diffusion"], cells["Operational services"]
    assert 'class="primary"' in main[: main.index(cast.ngo.name)]
    assert 'class="primary"' not in further[: further.index(cast.ngo.name)]
    assert "further type" in further
    assert cast.ngo.name not in cells["Public policy"]


def test_an_ngo_known_in_one_context_is_not_drawn_for_another(cast):
    own = an_ngo("Ford Watch", context=cast.valdoria)
    assert own.name in words(cast.amina.page.get("/ngos/"))
    assert own.name not in words(cast.oskar.page.get("/ngos/"))
    assert cast.oskar.page.get(reverse("ngo", args=[own.pk])).status_code == 404


def test_the_page_of_an_ngo_tells_its_way_of_working_and_its_dossiers(cast):
    address = reverse("ngo", args=[cast.ngo.pk])
    page = cast.amina.page.get(address)
    approach = section(page, "approach")
    assert "Norm diffusion (main). Contact: direct, purposeful. Horizon: long-term." in approach
    assert reverse("dossier", args=[cast.dossier.pk]) in links(page)
    assert reverse("dossier", args=[cast.dossier.pk]) not in links(cast.oskar.page.get(address))


def test_the_record_of_service_is_shown_where_it_may_be_read(cast):
    service = NgoService(ngo=cast.ngo, context=cast.valdoria, service="health", level=2, grade="B2")
    service.begun = PartialDate.parse("2019")
    service.save()
    address = reverse("ngo", args=[cast.ngo.pk])
    assert "Health care Valdoria , 2019 to now" in section(cast.amina.page.get(address), "service")
    assert "None recorded" in section(cast.oskar.page.get(address), "service")
