"""An audience as a report: one file that needs nothing else, and a link that ends."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl

from flask import Response, redirect, render_template, request, url_for
from pydantic import BaseModel, Field
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.answers import ArtistCatalogue
from muse_graph.api.http import identity
from muse_graph.api.http.access import anybody, needs, refuse
from muse_graph.api.http.context import context
from muse_graph.api.http.security_log import log_event
from muse_graph.api.schemas import Id
from muse_graph.api.web.pages import colours
from muse_graph.api.web.pages.artists.audience import audience_page, audience_state
from muse_graph.api.web.pages.artists.blocks import Block, Table
from muse_graph.api.web.pages.artists.filter_bar import chosen_words
from muse_graph.api.web.pages.artists.words import day_words
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.requests import Text, read_form
from muse_graph.errors import NotAllowed
from muse_graph.service.accounts import shared_reports
from muse_graph.service.accounts.rights import Access
from muse_graph.service.accounts.shared_reports import LONGEST_DAYS, SharedReport

__all__ = ["artist_report", "artist_tables", "end_shared_report", "share_report", "shared_report"]

_STATIC = Path(__file__).parents[2] / "static"
_SHEETS = ("page.css", "charts.css", "report.css")
#: The charts as the page has them.
_ORDER = ("curve", "time", "countries", "tracks", "sources", "segments")
#: What a file or a link says of itself to who opens it elsewhere.
_NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


class _Share(BaseModel):
    """A form that shares the report of an audience.

    Attributes:
        filters: as the query of an address
    """

    artist: Id
    filters: Annotated[str, Field(max_length=4_000)] = ""
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 7


class _End(BaseModel):
    artist: Id
    id: Text


@pages.get("/artists/<artist_id>/report")
@needs("artists:read", "artist_id")
def artist_report(artist_id: str) -> Response:
    """Send the audience, by what the address filters, as one HTML file that needs nothing else."""
    values = _report(artist_id, request.args, exact=identity.sees_all())
    body = render_template("report.html", style=_style(), ends=None, **values)
    return _file(body, "text/html", f"{artist_id}-audience.html")


@pages.get("/artists/<artist_id>/tables")
@needs("artists:read", "artist_id")
def artist_tables(artist_id: str) -> Response:
    """Send the tables of the audience, by what the address filters, as CSV files in one archive."""
    page = audience_page(artist_id, audience_state(artist_id, request.args), exact=identity.sees_all())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for key, block in page["blocks"].items():
            archive.writestr(f"{key}.csv", block.table.csv())
    return _file(packed.getvalue(), "application/zip", f"{artist_id}-audience.zip")


def _file(body: str | bytes, mimetype: str, name: str) -> Response:
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, mimetype=mimetype, headers=headers | _NOT_INDEXED)


@pages.get("/shared/<secret>")
@anybody
def shared_report(secret: str) -> Response:
    """Show a report to whoever has its link, as an artist sees it."""
    found = shared_reports.find(context().accounts, secret)
    values = _report(found.artist_id, MultiDict(parse_qsl(found.filters)), exact=False)
    body = render_template("report.html", style=None, ends=_day(found.expires_at), **values)
    return Response(body, mimetype="text/html", headers=_NOT_INDEXED)


@pages.post("/reports/share")
@needs("artists:read")
def share_report() -> tuple[str, int]:
    """Share a report, and show its link, once."""
    form = read_form(_Share)
    account_id = _account_of(form.artist)
    state = audience_state(form.artist, MultiDict(parse_qsl(form.filters)))
    # What cannot be read would be a link to nothing.
    audience_page(form.artist, state, exact=False)
    report, secret = shared_reports.create(
        context().accounts, account_id, form.artist, state.query, form.days
    )
    log_event("report shared", account_id)
    link = url_for(".shared_report", secret=secret, _external=True)
    html = render_template("shared.html", state=state, link=link, ends=_day(report.expires_at))
    return html, HTTPStatus.CREATED


@pages.post("/reports/end")
@needs("artists:read")
def end_shared_report() -> AnyResponse:
    """End a link at once."""
    form = read_form(_End)
    account_id = _account_of(form.artist)
    shared_reports.revoke(context().accounts, account_id, form.id)
    log_event("report no longer shared", account_id)
    back = url_for(".artist_audience", artist_id=form.artist, _anchor="report")
    return redirect(back, HTTPStatus.SEE_OTHER)


@pages.app_template_global()
def shared_here(artist: ArtistCatalogue) -> list[tuple[SharedReport, str]] | None:
    """What who asks shares of an artist, and its filter in words; None for who has no account to share by."""
    account_id = identity.required().account_id
    if account_id is None:
        return None
    found = shared_reports.list_of(context().accounts, account_id, artist.artist_id)
    return [(one, _in_words(artist, one.filters)) for one in found]


def _in_words(artist: ArtistCatalogue, filters: str) -> str:
    """What a link counts; how its charts are drawn is left out."""
    state = audience_state(artist.artist_id, MultiDict(parse_qsl(filters)))
    return ", ".join(chosen_words(state, artist)) or "everything"


def _account_of(artist_id: str) -> int:
    """The account that may share reports of an artist; raises NotAllowed."""
    who = identity.required()
    if who.account_id is None:
        raise NotAllowed("nobody signs in here, so there is no account to share by")
    refusal = who.may(Access("artists:read", "artist_id"), artist_id)
    if refusal is not None:
        refuse(who, refusal)
    return who.account_id


def _report(artist_id: str, values: MultiDict[str, str], *, exact: bool) -> dict[str, Any]:
    """The audience page without what only works on it."""
    page = audience_page(artist_id, audience_state(artist_id, values), exact=exact)
    blocks: Mapping[str, Block] = page["blocks"]
    plain = {key: _plain(blocks[key]) for key in _ORDER}
    figures = [replace(one, widened=None) for one in page["figures"]]
    return page | {"blocks": plain, "figures": figures, "made": day_words(datetime.now(UTC).date())}


def _plain(block: Block) -> Block:
    """A chart and its table without links."""
    columns = [replace(column, href=None) for column in block.table.columns]
    lines = [replace(line, href=None) for line in block.table.lines]
    table = Table(columns, lines, block.table.note)
    return Block(block.plain, table, is_open=block.is_open)


def _day(seconds: int) -> str:
    return day_words(datetime.fromtimestamp(seconds, UTC).date())


@cache
def _style() -> str:
    """All style sheets of a report, for a file that has to have them inside."""
    sheets = [(_STATIC / name).read_text(encoding="utf-8") for name in _SHEETS]
    return "\n".join([colours.steps(), *sheets])
