"""Record listens: one, or up to a thousand at a time. Invalid ones do not stop valid ones."""

from __future__ import annotations

from itertools import chain
from typing import Any

from flask import Response
from pydantic import ValidationError

from muse_graph.answers import Receipt, Rejected, as_json
from muse_graph.api import schemas
from muse_graph.api.http.access import check_user, needs
from muse_graph.api.http.context import context, writer
from muse_graph.api.http.errors import MAX_ERRORS, Field, InvalidValue, fields_of
from muse_graph.api.http.openapi import answers_with, blueprint, problems, ref
from muse_graph.api.http.responses import reply
from muse_graph.api.http.validation import json_body
from muse_graph.api.schemas import examples, times
from muse_graph.graph.deadline import remaining
from muse_graph.service.field_rules import ID, MAX_ID
from muse_graph.service.listens.record import Listen, listen_id_of

__all__ = ["MAX_LISTENS", "routes"]

MAX_LISTENS = 1_000

routes = blueprint("listens", "What is heard")
_body = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        ref("Listen"),
                        {"type": "array", "items": ref("Listen"), "minItems": 1, "maxItems": MAX_LISTENS},
                    ]
                },
                "example": [
                    {"user_id": "u1", "track_id": "t1", "listened_at": "2024-05-01T18:30:00Z", "heard": 0.92}
                ],
            }
        },
    }
}


@routes.post(
    "/listens",
    summary="Record listens",
    openapi_extensions=_body,
    responses=answers_with("Receipt", as_json(examples.RECEIPT), writes=True)
    | answers_with("Receipt", as_json(examples.ALL_RECORDED), status=201, writes=True)
    | problems(400, 413, 415),
)
@needs("listens:write")
def record_listens() -> Response:
    """201 if all are new; 200 if some were known already (`repeated`) or broke a rule (`rejected`).

    A listen is known by its `listen_id`, so a request may be sent again without harm. 422 only when not one
    of them is good.
    """
    request = _Request(json_body())
    good = request.check()
    receipt = writer().record(list(good.values()), timeout=remaining()) if good else Receipt(0, 0, 0)
    places = list(good)
    for late in receipt.rejected:
        index = places[late.index]
        request.wrong[index] = [(request.pointer(index), late.reason)]
    if len(request.wrong) == len(request.items):
        fields = tuple(chain.from_iterable(request.wrong.values()))
        raise InvalidValue("no listen of the request is valid", fields)
    whole = Receipt(len(request.items), receipt.recorded, receipt.repeated, request.rejected())
    context().metrics.count_listens(whole)
    return reply(whole, 201 if whole.recorded == whole.received else 200)


class _Request:
    """The listens of one request and what is wrong with some of them, by their index."""

    def __init__(self, body: Any) -> None:
        self._single = isinstance(body, dict)
        self.items: list[Any] = [body] if self._single else body
        self.wrong: dict[int, list[Field]] = {}
        if not 1 <= len(self.items) <= MAX_LISTENS:
            rule = f"must hold 1..{MAX_LISTENS} listens, got {len(self.items)}"
            raise InvalidValue(f"the body {rule}", (("", rule),))

    def pointer(self, index: int) -> str:
        """Where in the body an item is."""
        return "" if self._single else f"/{index}"

    def check(self) -> dict[int, Listen]:
        """The good listens by index; the others go to `wrong`."""
        good = {}
        # Whose listens they are comes first: a client learns nothing by trying ids that are not its own.
        for user_id in dict.fromkeys(map(_user_of, self.items)):
            if user_id is not None:
                check_user(user_id)
        for index, item in enumerate(self.items):
            try:
                good[index] = _listen(schemas.Listen.model_validate(item))
            except ValidationError as error:
                self.wrong[index] = fields_of(error, base=self.pointer(index))
        return good

    def rejected(self) -> list[Rejected]:
        """The wrong ones as the receipt has them."""
        return [
            Rejected(index, _given_id(self.items[index]), self._reasons(index, fields))
            for index, fields in sorted(self.wrong.items())
        ]

    def _reasons(self, index: int, fields: list[Field]) -> str:
        named = [self._reason(index, field) for field in fields[:MAX_ERRORS]]
        more = len(fields) - len(named)
        return "; ".join([*named, f"and {more} more"] if more else named)

    def _reason(self, index: int, field: Field) -> str:
        where = field[0].removeprefix(self.pointer(index)).removeprefix("/")
        return f"{where}: {field[1]}" if where else field[1]


def _user_of(item: Any) -> str | None:
    """The user that an item names; None for what is no listen, which its own check refuses."""
    named: str | None = ID.normal(item.get("user_id")) if isinstance(item, dict) else None
    return named


def _given_id(item: Any) -> str:
    given = item.get("listen_id") if isinstance(item, dict) else None
    # An answer is UTF-8, which cannot hold half a character.
    return given[:MAX_ID].encode("utf-8", "replace").decode() if isinstance(given, str) else ""


def _listen(item: schemas.Listen) -> Listen:
    """The listen as the service takes it; one without time is of now, if it is a single play."""
    stamped = item.listened_at is None and item.plays == 1
    at = times.now() if stamped else item.listened_at
    made_id = listen_id_of(item.user_id, item.track_id, times.milliseconds(at), item.source or "")
    return Listen(
        listen_id=item.listen_id or made_id,
        user_id=item.user_id,
        track_id=item.track_id,
        listened_at=at,
        heard=item.heard,
        heard_at_least=item.heard_at_least,
        plays=item.plays,
        country=item.country,
        source=item.source,
        stamped=stamped,
    )
