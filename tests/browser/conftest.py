"""A Chromium, and the service over a synthetic world of 300 listeners in a real Neo4j."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from muse_graph.api import create_app
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.synthetic import world
from muse_graph.loaders.write_batches import load
from muse_graph.service.accounts import accounts, sessions
from muse_graph.service.accounts.passwords import Passwords
from muse_graph.service.accounts.store import AccountStore
from muse_graph.service.users import users

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
#: How long a busy machine may take to show what is expected.
_PATIENCE_MS = 15_000
_WIPE = "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS"

#: Somebody without friends and listens, and with a name that fills every line.
LONER = "loner"
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff Featherstonehaugh of Llan"
#: Somebody whose name is written from right to left.
RIGHT_TO_LEFT = "rtl"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=_PATIENCE_MS)
    found = os.environ.get("MUSE_BROWSER") or next(filter(None, map(shutil.which, _NAMES)), None)
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        except Error as error:
            pytest.skip(f"no Chromium starts here: {error.message.splitlines()[0]}")
        yield chromium
        chromium.close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the application has its own access log."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application in a thread; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def listeners_graph(graph: Graph) -> Graph:
    """The database with 300 synthetic listeners, one without friends and one with an Arabic name."""
    if graph.read("listener", user_id=LONER):
        # As another module has left it: what tests play and save here changes nothing that others look at.
        return graph
    graph.run_alone(_WIPE)
    load(graph, world(300, 7), Rejects(), theta=0.2, advance=lambda _step, _rows: None)
    users.put_user(graph, LONER, name=LONG_NAME)
    users.put_user(graph, RIGHT_TO_LEFT, name="ليلى بنت عبد الرحمن", country="EG")
    return graph


@pytest.fixture(scope="module")
def address(settings: Settings, listeners_graph: Graph) -> Iterator[str]:
    app = create_app(settings, listeners_graph, sign_in="off")
    with serving(app) as found:
        yield found
    app.extensions["muse_graph"].database.close()


@dataclass
class Watched:
    """A page, what its console said, and every address it asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


Opening = Callable[..., Watched]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opening]:
    contexts = []

    def open_at(url: str, *, width: int = 1280, theme: Any = "dark", javascript: bool = True) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(_PATIENCE_MS)
        watched = Watched(context.new_page())
        watched.page.on("console", lambda message: watched.said.append(f"{message.type}: {message.text}"))
        watched.page.on("pageerror", lambda error: watched.said.append(str(error)))
        watched.page.on("request", lambda request: watched.asked.append(request.url))
        watched.page.goto(url)
        return watched

    yield open_at
    for context in contexts:
        context.close()


@pytest.fixture
def pictures() -> Path:
    return Path(__file__).parents[2] / "docs" / "pictures"


@dataclass(frozen=True)
class Service:
    """A service that asks for sign-in, and its accounts."""

    address: str
    accounts: AccountStore
    #: Where they are, and nothing else.
    folder: Path


@pytest.fixture(scope="module")
def service(
    settings: Settings, listeners_graph: Graph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("accounts")
    app = create_app(settings.model_copy(update={"accounts": folder / "accounts.sqlite"}), listeners_graph)
    store = app.extensions["muse_graph"].accounts
    store.passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with serving(app) as address:
        yield Service(address, store, folder)
    app.extensions["muse_graph"].database.close()
    store.close()


SignedIn = Callable[..., Page]


@pytest.fixture
def signed_in(browser: Browser, service: Service) -> Iterator[SignedIn]:
    """A page of a browser in which a listener is signed in; its addresses begin at the path."""
    contexts = []

    def sign_in(user_id: str, *, javascript: bool = True) -> Page:
        name = f"account-{user_id}"
        known = [one for one in accounts.list_all(service.accounts) if one.name == name]
        account = known[0] if known else accounts.create(service.accounts, name, user_id=user_id)
        context = browser.new_context(
            base_url=service.address, java_script_enabled=javascript, reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_default_timeout(_PATIENCE_MS)
        secret = sessions.start(service.accounts, account, "test")
        context.add_cookies([{"name": "muse_session", "value": secret, "url": service.address}])
        return context.new_page()

    yield sign_in
    for context in contexts:
        context.close()
