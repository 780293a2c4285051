"""The views of a resource: read the request, check who, call one function, answer."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.http import Http404
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from records.models.records import DELETED
from records.problems import Problem, refusal
from records.rest.etags import etag, matches_any, names_record, record_part
from records.rest.filters import MOST_VALUES
from records.rest.limits import PerToken
from records.rest.lists import SHAPE, Asked, Gone, Page, asked, page_of
from records.rest.parsing import StrictJSONParser
from records.rest.resources import Resource
from records.rest.shapes import Shape, shape_of
from records.versions import AlreadyThere, Conflict, content_digest

LONGEST_REASON = 500


class Door(APIView):
    """What all addresses of the API share. Plain addresses (no resource) may build on it too."""

    parser_classes = [StrictJSONParser]
    renderer_classes = [JSONRenderer]
    throttle_classes = [PerToken]
    metadata_class = None

    @property
    def viewer(self) -> Any:
        return self.request._request.viewer  # type: ignore[attr-defined]

    def parameters(self, *known: str) -> dict[str, str]:
        """The query's parameters, each once; with `known`, no others."""
        told: dict[str, str] = {}
        for name, values in self.request.query_params.lists():
            if len(values) > 1:
                raise refusal(name, "This parameter is given twice.", "bad_parameter")
            if known and name not in known:
                raise refusal(name, f"There is no parameter “{name[:60]}” here.", "bad_parameter")
            told[name] = values[0]
        return told

    def unless_known(self, tag: str) -> Response | None:
        """The 304 for a reader who has this answer already."""
        if not matches_any(self.request.headers.get("If-None-Match", ""), tag):
            return None
        return Response(status=304, headers={"ETag": tag})


class ResourceDoor(Door):
    """A door to one resource; `routes` sets which."""

    resource: ClassVar[Resource]

    @property
    def renamed(self) -> Any:
        return self.resource.renamed

    def shape(self) -> Shape:
        told = self.parameters(*SHAPE)
        return shape_of(told, fields=self.resource.fields, brief=self.resource.brief)

    def shown(self, record: Any, shape: Shape) -> dict[str, Any]:
        row = self.resource.present([record], self.viewer, shape)[0]
        return shape.cut(row)

    def part(self, record: Any) -> str:
        """The record part of the ETag of a detail answer."""
        stamps = self.resource.stamps([record], self.viewer)
        return record_part(self.viewer.rights, [record.pk, record.version, *stamps])

    def answer(self, record: Any, status: int = 200) -> Response:
        """The record as it now is, or 204 when the act took it out of the viewer's sight."""
        record = self.resource.scope(self.viewer).filter(pk=record.pk).first()
        if record is None:
            return Response(status=204)
        shape = self.shape()
        tag = etag(self.part(record), ",".join(shape.fields))
        return Response(self.shown(record, shape), status=status, headers={"ETag": tag})

    def body(self) -> dict[str, Any]:
        return dict(self.request.data)

    def checked(self, body: dict[str, Any], *, partial: bool = False) -> dict[str, Any]:
        """The validated content; unknown fields are refused, read-only ones are passed over."""
        serializer = self.resource.serializer(
            data=body, partial=partial, context={"viewer": self.viewer}
        )
        if unknown := [name for name in body if name not in serializer.fields]:
            raise refusal(unknown[0][:60], "There is no such field here.", "unknown_field")
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def found(self, id: str) -> Any:
        """The record, if the viewer may read it; else 404, hidden and absent alike."""
        record = self.resource.scope(self.viewer).filter(pk=_uuid(id)).first()
        if record is None:
            raise Http404
        return record

    def locked(self, id: str) -> Any:
        """The same, with its row locked until the transaction ends.

        Locked first and looked at second, so that a right taken away meanwhile counts.
        """
        rows = self.resource.model._default_manager.select_for_update()
        rows.filter(pk=_uuid(id)).values_list("pk").first()
        return self.found(id)

    def require_seen(self, record: Any) -> None:
        """428 without the ETag that was read before, Conflict (412) with an older one."""
        header = self.request.headers.get("If-Match", "").strip()
        if not header or header == "*":
            sentence = "Send If-Match with the ETag that you read, so that no change is lost."
            raise Problem(428, sentence)
        if not names_record(header, self.part(record)):
            raise Conflict(record)

    def stale(self, current: Any) -> tuple[list[dict[str, Any]], Any]:
        """For a 412: per field sent that differs, what stands there; and the record now."""
        rows = self.resource.scope(self.viewer).filter(pk=current.pk)
        record = rows.first()
        if record is None:
            return [], None
        row = _as_json(self.shown(record, Shape(self.resource.fields)))
        try:
            sent = self.body()
        except APIException:  # a body that cannot be read: what differs in it is not known
            sent = {}
        message = "This has been changed since you read it."
        errors = [
            {"field": name, "code": "changed", "message": message, "theirs": row[name]}
            for name, mine in sent.items()
            if name in row and row[name] != mine
        ]
        return errors, row


class ListDoor(ResourceDoor):
    """`/<resource>/`"""

    def get(self, request: Request) -> Response:
        told = self.parameters()
        ask = asked(self.resource, told, self.viewer)
        page = page_of(self.resource, self.viewer, ask)
        tag = self.tag(page, told)
        return self.unless_known(tag) or Response(
            self.listed(page, ask, told), headers={"ETag": tag}
        )

    def tag(self, page: Page, told: dict[str, str]) -> str:
        shown = [(row.pk, getattr(row, "version", "gone")) for row in page.rows]
        stamps = self.resource.stamps(page.records, self.viewer) if page.records else ()
        part = record_part(
            self.viewer.rights, [*shown, *stamps, page.previous, page.next, page.count]
        )
        return etag(part, json.dumps([self.resource.name, sorted(told.items())]))

    def listed(self, page: Page, ask: Asked, told: dict[str, str]) -> dict[str, Any]:
        answer = {
            "results": self.rows(page, ask),
            "next": self.address(told, page.next),
            "previous": self.address(told, page.previous),
        }
        return answer if page.count is None else {**answer, "count": page.count}

    def rows(self, page: Page, ask: Asked) -> list[dict[str, Any]]:
        records = page.records
        told = self.resource.present(records, self.viewer, ask.shape) if records else []
        shown = {record.pk: ask.shape.cut(row) for record, row in zip(records, told, strict=True)}
        return [
            {"id": row.pk, "deleted": True} if isinstance(row, Gone) else shown[row.pk]
            for row in page.rows
        ]

    def address(self, told: dict[str, str], cursor: str | None) -> str | None:
        if cursor is None:
            return None
        return self.request.build_absolute_uri("?" + urlencode({**told, "cursor": cursor}))

    def post(self, request: Request) -> Response:
        self.resource.require(self.viewer, "c")
        body = self.body()
        id = _client_id(body.pop("id", None))
        digest = content_digest(body)
        if known := self.sent_before(id, digest):
            return known
        data = self.checked(body)
        try:
            with transaction.atomic():
                record = self.resource.create(self.viewer, data, id=id, digest=digest)
        except IntegrityError:
            # The same send may have come twice at once; else a rule of the database refused it.
            if known := self.sent_before(id, digest):
                return known
            raise
        response = self.answer(record, 201)
        response["Location"] = request.build_absolute_uri(f"{request.path}{record.pk}/")
        return response

    def sent_before(self, id: UUID, digest: str) -> Response | None:
        """200 with the stored record if this very content was sent before, 409 if other was."""
        stored = self.resource.model._default_manager.filter(pk=id).first()
        if stored is None:
            return None
        visible = self.resource.scope(self.viewer).filter(pk=id).exists()
        if not visible or stored.first_digest != digest:
            raise AlreadyThere
        return self.answer(stored)


class RecordDoor(ResourceDoor):
    """`/<resource>/{id}/`"""

    def get(self, request: Request, id: str) -> Response:
        shape = self.shape()
        record = self.found(id)
        tag = etag(self.part(record), ",".join(shape.fields))
        return self.unless_known(tag) or Response(self.shown(record, shape), headers={"ETag": tag})

    def put(self, request: Request, id: str) -> Response:
        return self.changed(id, partial=False)

    def patch(self, request: Request, id: str) -> Response:
        return self.changed(id, partial=True)

    def changed(self, id: str, *, partial: bool) -> Response:
        with transaction.atomic():
            record = self.locked(id)
            self.resource.require(self.viewer, "u", record)
            self.require_seen(record)
            body = self.body()
            reason = _reason(body, self.resource)
            if body.pop("id", str(record.pk)) != str(record.pk):
                raise refusal("id", "A record keeps its id.")
            data = self.checked(body, partial=partial)
            record = self.resource.change(self.viewer, record, data, reason=reason)
        return self.answer(record)

    def delete(self, request: Request, id: str) -> Response:
        with transaction.atomic():
            record = self.locked(id)
            self.resource.require(self.viewer, "d", record)
            self.require_seen(record)
            reason = _reason(self.body(), self.resource)
            record = self.resource.delete(self.viewer, record, reason=reason)
        return Response(status=204) if record.state == DELETED else self.answer(record, 202)


class ActDoor(ResourceDoor):
    """`/<resource>/{id}/withdraw/` and `/restore/`: POST with a reason."""

    act: ClassVar[str]
    verb: ClassVar[str] = "d"

    def post(self, request: Request, id: str) -> Response:
        with transaction.atomic():
            record = self.locked(id)
            self.resource.require(self.viewer, self.verb, record)
            if request.headers.get("If-Match"):
                self.require_seen(record)
            reason = _reason(self.body(), self.resource)
            if not reason:
                raise refusal("reason", "Say why, in a few words.", "required")
            record = getattr(self.resource, self.act)(self.viewer, record, reason=reason)
        return self.answer(record)


class SearchDoor(ListDoor):
    """`/<resource>/search/`: the list's filters, `q` and the rest in the body, never in a URL."""

    http_method_names = ["post"]

    def post(self, request: Request) -> Response:
        self.parameters(*SHAPE)
        body = self.body()
        words = _search_words(body.pop("q", None))
        told = {name: _as_parameter(name, value) for name, value in body.items()}
        ask = asked(self.resource, told, self.viewer)
        page = page_of(self.resource, self.viewer, ask, words)
        answer = self.listed(page, ask, told)
        reasons = self.resource.matched(page.records, words, self.viewer) if page.records else []
        for row, reason in zip(answer["results"], reasons, strict=True):
            row["matched"] = reason
        return Response(answer)

    def address(self, told: dict[str, str], cursor: str | None) -> str | None:
        return cursor


class NoSuchAddress(Door):
    """Every other address under the API: 404 in the API's own words."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.http_method_names = [request.method.lower()]
        setattr(self, request.method.lower(), self.nothing)
        return super().dispatch(request, *args, **kwargs)

    def nothing(self, request: Request, **kwargs: Any) -> Response:
        raise Problem(404, "There is no such address. Addresses end with a slash.")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _client_id(told: Any) -> UUID:
    """The id that the client made, or a new one."""
    if told is None:
        return uuid4()
    try:
        return UUID(told)
    except (ValueError, TypeError, AttributeError):
        raise refusal("id", "Make the id a random UUID, or leave it out.") from None


def _reason(body: dict[str, Any], resource: Resource) -> str:
    """Take the reason of the change out of the body; "" if none was given."""
    reason = body.pop("reason", "")
    if not isinstance(reason, str) or len(reason) > LONGEST_REASON:
        raise refusal("reason", f"Write the reason as text, at most {LONGEST_REASON} characters.")
    return reason.strip()


def _search_words(told: Any) -> str:
    if not isinstance(told, str) or not told.strip() or len(told) > 200:
        raise refusal("q", "Write what to look for, at most 200 characters.")
    return told.strip()


def _as_parameter(name: str, value: Any) -> str:
    """A filter in a body may be a list, a number or a yes: the same as its text in an address."""
    values = value if isinstance(value, list) else [value]
    if not values or len(values) > MOST_VALUES:
        raise refusal(name[:60], "Write one value or several.", "bad_parameter")
    if not all(isinstance(one, str | int | float) for one in values):
        raise refusal(name[:60], "Write text, a number, true or false.", "bad_parameter")
    return ",".join(str(one).lower() if isinstance(one, bool) else str(one) for one in values)


def _as_json(row: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(JSONRenderer().render(row))
    return told


__all__ = [
    "ActDoor",
    "Door",
    "ListDoor",
    "NoSuchAddress",
    "RecordDoor",
    "ResourceDoor",
    "SearchDoor",
]
