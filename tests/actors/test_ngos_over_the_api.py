"""NGOs through the API."""

from __future__ import annotations

from uuid import uuid4


def test_a_delegate_adds_an_ngo_in_their_context_and_reads_it_back(cast):
    api = cast.amina.api()
    sent = {
        "id": str(uuid4()),
        "name": "Open Road",
        "acronym": "OR",
        "types": [{"type": "OPS", "primary": True}, {"type": "POL"}],
        "context": str(cast.valdoria.pk),
        "service": [
            {"context": str(cast.valdoria.pk), "from": "2019", "kind": "health", "grade": "B2"}
        ],
        "external_ids": [{"scheme": "wikidata", "value": "Q1"}],
    }
    answer = api.post("ngos/", sent)
    assert answer.status_code == 201, answer.content
    told = api.get(f"ngos/{sent['id']}/").json()
    assert told["contact"] == "indirect" and told["horizon"] == "acute"
    assert [row["type"] for row in told["types"]] == ["OPS", "POL"]
    assert told["service"][0]["from"] == "2019" and told["service"][0]["to"] is None
    assert {row["name"] for row in told["names"]} == {"Open Road", "OR"}
