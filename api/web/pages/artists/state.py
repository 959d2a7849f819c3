"""What a page of an artist shows is in its address: filters, and how charts and tables are drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from muse_graph.api.http.strict import broken_form, forms
from muse_graph.api.schemas.artists import AnalyticsQuery
from muse_graph.api.web.pages.requests import validated
from muse_graph.errors import InvalidValue, invalid

__all__ = ["LISTS", "Choices", "Field", "State"]

#: Filters that take several values.
LISTS = ("track", "country", "source", "segment")
_DAYS = ("from", "to")
#: A parameter and one of its values, as a hidden field of a form.
Field = tuple[str, str]
#: Parameters with the values each may have.
Choices = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class State:
    """The page, its artist, and the parameters of its address.

    Attributes:
        page: name of the view
        filters: what is counted
        said: filters and choices as they stand in the address, each with one value or more
    """

    page: str
    artist_id: str
    filters: AnalyticsQuery
    said: Mapping[str, Sequence[str]]

    @classmethod
    def of_address(cls, page: str, artist_id: str, choices: Choices | None = None) -> State:
        """The state in the address of this request; as `of_values`."""
        return cls.of_values(page, artist_id, request.args, choices)

    @classmethod
    def of_values(
        cls, page: str, artist_id: str, values: MultiDict[str, str], choices: Choices | None = None
    ) -> State:
        """The state that parameters say; raises InvalidValue, InvalidRequest.

        Args:
            choices: further parameters of the page, each with its possible values, the first the default
        """
        given = {name: _given(values, name) for name in (*LISTS, *_DAYS)}
        said = {name: given[name][:1] if name in _DAYS else given[name] for name in given if given[name]}
        for name in _DAYS:
            for day in said.get(name, ()):
                if rule := broken_form(forms(AnalyticsQuery)[name], day):
                    raise InvalidValue(f"{name} {rule}", ((name, rule),))
        filters = validated(
            AnalyticsQuery, {name: found[0] if name in _DAYS else found for name, found in said.items()}
        )
        if filters.from_day and filters.to_day and filters.from_day > filters.to_day:
            raise invalid("from", "must not be after to", f"{filters.from_day} and {filters.to_day}")
        chosen = {name: _chosen(values, name, allowed) for name, allowed in (choices or {}).items()}
        return cls(page, artist_id, filters, said | {name: [one] for name, one in chosen.items() if one})

    def get(self, name: str) -> str:
        """The value of a choice; empty for its default."""
        return next(iter(self.said.get(name, ())), "")

    def values(self, name: str) -> Sequence[str]:
        """All values of a parameter."""
        return self.said.get(name, ())

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return any(name in self.said for name in (*LISTS, *_DAYS))

    def address(self, *, page: str = "", **changes: Any) -> str:
        """The address with some parameters changed; None or nothing leaves one out. `from_` is "from"."""
        changed = {name.rstrip("_"): value for name, value in changes.items()}
        wanted: dict[str, Any] = {**self.said, **changed}
        if page and page != self.page:
            # Choices are those of one page.
            wanted = {name: value for name, value in wanted.items() if name in (*LISTS, *_DAYS, *changed)}
        kept = {name: value for name, value in wanted.items() if value}
        return url_for(f"pages.{page or self.page}", artist_id=self.artist_id, **kept)

    def toggled(self, name: str, value: str, *, page: str = "") -> str:
        """The address with one value more, or without it if it is there."""
        there = self.values(name)
        after = [one for one in there if one != value] if value in there else [*there, value]
        return self.address(page=page, **{name: after})

    @property
    def query(self) -> str:
        """The parameters as the query of an address."""
        return urlencode([(name, one) for name, values in self.said.items() for one in values])

    def hidden(self, *but: str) -> list[Field]:
        """Fields that keep the state in a form that says the others itself."""
        return [(name, one) for name, values in self.said.items() if name not in but for one in values]


def _given(values: MultiDict[str, str], name: str) -> list[str]:
    """What is said of a parameter, each value once."""
    return list(dict.fromkeys(value for one in values.getlist(name) if (value := one.strip())))


def _chosen(values: MultiDict[str, str], name: str, allowed: Collection[str]) -> str:
    """The value of a choice; empty if it is the default."""
    said = values.get(name, "").strip()
    if said and said not in allowed:
        raise invalid(name, f"must be one of {', '.join(filter(None, allowed))}", said)
    return "" if said == next(iter(allowed)) else said
