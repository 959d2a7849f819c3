"""What a page's forms may send, and from where."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from flask import request
from pydantic import BaseModel, StringConstraints, ValidationError
from werkzeug.exceptions import Forbidden

from muse_graph.api.http.errors import InvalidValue, fields_of, sentence
from muse_graph.api.schemas import Id
from muse_graph.service.users.feedback import Action as FeedbackAction

__all__ = ["Action", "Choice", "check_origin"]


class Choice(BaseModel):
    """The listener shown, and how wide the pool of genres is; a switch is on if it is present."""

    user: str = ""
    new_only: bool = False
    beyond_friends: bool = False

    @classmethod
    def of_address(cls) -> Self:
        """The choice in the address of this request."""
        switches = {name: bool(request.args.get(name)) for name in ("new_only", "beyond_friends")}
        return cls(user=request.args.get("user", "").strip(), **switches)

    def switches(self) -> dict[str, Any]:
        """The switches that are on, as parameters of an address."""
        return {name: "1" for name in ("new_only", "beyond_friends") if getattr(self, name)}


class Action(Choice):
    """A button of a card; press identifies the press, so that the same one counts once."""

    user: Id
    track: Id
    verb: Literal["play", FeedbackAction]
    press: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]

    @classmethod
    def of_form(cls) -> Self:
        """The action this request posts; raises InvalidValue."""
        try:
            return cls.model_validate(request.form.to_dict())
        except ValidationError as error:
            fields = fields_of(error, base=None)
            raise InvalidValue(sentence(fields), tuple(fields)) from error


def check_origin() -> None:
    """Raise 403 for a form that another site has sent.

    Browsers send the origin of a request in Sec-Fetch-Site or, older ones, in Origin; a client that sends
    neither is not a browser, so no other site can make it send a form.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in {"same-origin", "none"} if site else origin and _host_of(origin) != request.host:
        raise Forbidden("this form was sent by another site")


def _host_of(origin: str) -> str | None:
    """The host and port of an origin; None for what is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
