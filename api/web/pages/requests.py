"""What a page's address and forms may say."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, TypeVar

from flask import request
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationError

from muse_graph.answers import Mode
from muse_graph.api.http.errors import InvalidValue, fields_of, sentence
from muse_graph.api.schemas import Id
from muse_graph.api.web.pages import csrf
from muse_graph.service.users.feedback import Action as FeedbackAction

__all__ = ["Action", "Choice", "PageWay", "Place", "Text", "read_form", "validated"]

#: A switch is on if it is present, whatever it says.
_Switch = Annotated[bool, BeforeValidator(bool)]
#: The pages with buttons of tracks, which lead back to them: names of views.
Place = Literal["start", "why", "track", "artist", "genre", "first_tracks", "feed", "inbox", "person"]
#: What a page knows to have brought the listener to a track: ways of `muse_graph.answers.Way`.
PageWay = Literal["recommendation", "feed", "search", "sent_track"]


class Choice(BaseModel):
    """The listener shown, and how the list is tuned: a part that is not said has its default.

    Attributes:
        adventure: 1 familiar .. 5 adventurous
        radar: whole percent of the list that is kept for artists under the radar
    """

    user: str = ""
    new_only: _Switch = False
    beyond_friends: _Switch = False
    mode: Mode = "discovery"
    adventure: Annotated[int, Field(ge=1, le=5)] = 3
    radar: Annotated[int, Field(ge=0, le=100)] = 10

    @classmethod
    def of_address(cls) -> Self:
        """The choice in the address of this request; raises InvalidValue."""
        said = {name: request.args[name].strip() for name in Choice.model_fields if request.args.get(name)}
        return validated(cls, said)

    def switches(self) -> dict[str, str]:
        """What differs from the defaults, as parameters of an address."""
        said = {
            name: getattr(self, name)
            for name, field in Choice.model_fields.items()
            if name != "user" and getattr(self, name) != field.default
        }
        return {name: "1" if value is True else str(value) for name, value in said.items()}


class Action(Choice):
    """A button of a track; press identifies the press, so that the same one counts once.

    Attributes:
        place, of: the page the button is on, and the id of what it shows
        source: what brought the listener to the track; None where the page cannot know
        by: id of the influencer whose link led to the page; empty for none
    """

    user: Id
    track: Id
    verb: Literal["play", FeedbackAction]
    press: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    place: Place = "start"
    of: Annotated[str, StringConstraints(max_length=1_000)] = ""
    source: PageWay | None = None
    by: Annotated[str, StringConstraints(max_length=1_000)] = ""


#: What a field of a form may be long at most.
Text = Annotated[str, StringConstraints(max_length=1_000)]
Form = TypeVar("Form", bound=BaseModel)


def read_form(kind: type[Form]) -> Form:
    """The form that this request posts; raises InvalidValue, CsrfError."""
    csrf.check()
    return validated(kind, request.form.to_dict())


def validated(kind: type[Form], values: dict[str, Any]) -> Form:
    """Values of an address or a form as a model has them; raises InvalidValue."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        fields = fields_of(error, base=None)
        raise InvalidValue(sentence(fields), tuple(fields)) from error
