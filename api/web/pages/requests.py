"""What a page's forms may send, and from where."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, TypeVar

from flask import request
from pydantic import BaseModel, StringConstraints, ValidationError

from muse_graph.api.http.errors import InvalidValue, fields_of, sentence
from muse_graph.api.schemas import Id
from muse_graph.api.web.pages import csrf
from muse_graph.service.users.feedback import Action as FeedbackAction

__all__ = ["Action", "Choice", "read_form"]


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


Form = TypeVar("Form", bound=BaseModel)


def read_form(kind: type[Form]) -> Form:
    """The form that this request posts; raises InvalidValue, CsrfError."""
    csrf.check()
    try:
        return kind.model_validate(request.form.to_dict())
    except ValidationError as error:
        fields = fields_of(error, base=None)
        raise InvalidValue(sentence(fields), tuple(fields)) from error
