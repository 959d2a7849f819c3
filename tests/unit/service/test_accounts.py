"""Accounts, sessions, tokens and links in their file."""

from __future__ import annotations

import sqlite3
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from muse_graph.errors import (
    AccountsUnavailable,
    Conflict,
    InvalidRequest,
    InvalidValue,
    NotSignedIn,
    TooManyRequests,
    UnknownAccount,
    UnknownLink,
)
from muse_graph.service.accounts import (
    accounts,
    links,
    secret_values,
    sessions,
    shared_reports,
    sign_in,
    tokens,
)
from muse_graph.service.accounts.accounts import Account
from muse_graph.service.accounts.passwords import Passwords
from muse_graph.service.accounts.rights import ROLE_SCOPES, SCOPES, Access, Identity, Role, operator
from muse_graph.service.accounts.store import _ACCOUNTS, AccountStore

GOOD = "rain over Barranquilla 7"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "accounts.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[AccountStore]:
    store = AccountStore(path, Passwords(QUICK))
    yield store
    store.close()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock, in seconds from now."""
    begin = secret_values.now_s()

    def set_clock(seconds: float) -> None:
        monkeypatch.setattr("time.time", lambda: begin + seconds)

    set_clock(0)
    return set_clock


def everything(path: Path) -> bytes:
    """All that is on disk of a store."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


# ---- accounts


@pytest.mark.parametrize(
    "name", ["\u0930\u094b\u0939\u0928", "\u0e2a\u0e21\u0e0a\u0e32\u0e22", "o'neil-7", "ana@x.org"]
)
def test_names_of_every_script(store: AccountStore, name: str) -> None:
    assert accounts.create(store, name).name == name


@pytest.mark.parametrize(
    "unseen", ["\u3164", "\uffa0", "\u034f", "\ufe0f", "\u200b", "\u202e", "\x00", "\u0301\u180b"]
)
def test_no_name_looks_like_another_by_what_nobody_sees(store: AccountStore, unseen: str) -> None:
    for name in (f"ana{unseen}x", f"ana{unseen}", 3 * unseen):
        with pytest.raises(InvalidRequest, match="name must have 3"):
            accounts.create(store, name)


def test_one_key_however_often_a_name_is_folded() -> None:
    for name in ("ANA", "\u0390\u03b1\u03b1", "\uff21NA", "\u0130bo", "stra\u00dfe"):
        key = accounts.key_of_name(name)
        assert accounts.key_of_name(key) == key


def test_an_account_is_found_by_its_name_however_it_is_written(store: AccountStore) -> None:
    made = accounts.create(store, " José ", password=GOOD, user_id="u1")
    assert (made.name, made.role, made.user_id, made.artist_ids, made.disabled) == (
        "José",
        "listener",
        "u1",
        (),
        False,
    )
    assert accounts.get(store, "JOSÉ") == accounts.get(store, "Jose\u0301") == made
    with pytest.raises(UnknownAccount, match="no account has the name 'ana'"):
        accounts.get(store, "ana")


@pytest.mark.parametrize("name", ["", "ab", "a" * 65, "-ana", "a\nna", "ana ruiz", "an\u202ea"])
def test_names_that_are_none(store: AccountStore, name: str) -> None:
    with pytest.raises(InvalidRequest, match="name must have"):
        accounts.create(store, name)


def test_a_name_and_a_listener_have_one_account(store: AccountStore) -> None:
    accounts.create(store, "ana", user_id="u1")
    with pytest.raises(Conflict, match="name 'Ana' is taken"):
        accounts.create(store, "Ana")
    with pytest.raises(Conflict, match="user 'u1' has an account"):
        accounts.create(store, "bob", user_id="u1")
    assert [one.name for one in accounts.list_all(store)] == ["ana"]


def test_sixteen_that_want_one_name_at_once(path: Path) -> None:
    outcomes: list[str] = []

    def work() -> None:
        store = AccountStore(path, Passwords(QUICK))
        try:
            outcomes.append(accounts.create(store, "ana", user_id="u1").name)
        except Conflict:
            outcomes.append("taken")
        store.close()

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["ana", *["taken"] * 15]


def test_roles_and_owned_artists(store: AccountStore) -> None:
    accounts.create(store, "ana", role="artist", artist_ids=["a2", "a1", "a2"])
    assert accounts.get(store, "ana").artist_ids == ("a1", "a2")
    changed = accounts.set_role(store, "ana", "operator")
    assert (changed.role, changed.artist_ids) == ("operator", ())
    with pytest.raises(InvalidRequest, match="role must be one of listener"):
        accounts.set_role(store, "ana", "king")  # type: ignore[arg-type]


def test_what_is_deleted_is_not_in_the_file(store: AccountStore, path: Path) -> None:
    account = accounts.create(store, "ana-in-the-file", password=GOOD, user_id="user-in-the-file")
    sessions.start(store, account, "device-in-the-file")
    tokens.create(store, account, "token-in-the-file", ["listens:write"])
    links.start_reset(store, "ana-in-the-file")
    assert b"ana-in-the-file" in everything(path)
    accounts.delete(store, account.account_id)
    assert b"in-the-file" not in everything(path)


@pytest.mark.skipif(sys.platform == "win32", reason="modes as POSIX has them")
def test_only_its_owner_reads_the_file(store: AccountStore, path: Path) -> None:
    accounts.list_all(store)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_is_none(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database, but long enough to be looked at as one" * 50)
    store = AccountStore(path)
    with pytest.raises(AccountsUnavailable, match=r"accounts in .* cannot be used"):
        accounts.list_all(store)
    store.close()


def test_a_file_of_a_newer_program_is_left_alone(store: AccountStore, path: Path) -> None:
    accounts.create(store, "ana")
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 9")
    raw.close()
    newer = AccountStore(path)
    with pytest.raises(AccountsUnavailable, match="newer version"):
        accounts.list_all(newer)
    newer.close()


def test_a_file_of_an_older_program_gets_what_is_new_and_keeps_what_it_has(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as raw:
        for statement in filter(str.strip, _ACCOUNTS.split(";")):
            raw.execute(statement)
        raw.execute("INSERT INTO accounts VALUES (1, 'ana', 'ana', NULL, 'operator', NULL, 0, 0)")
        raw.execute("PRAGMA user_version = 1")
    raw.close()
    store = AccountStore(path)
    ana = accounts.get(store, "ana")
    made, secret = shared_reports.create(store, ana.account_id, "a1", "", 1)
    assert shared_reports.find(store, secret) == made
    store.close()


# ---- passwords


def test_passwords_are_kept_as_argon2id(path: Path) -> None:
    store = AccountStore(path)
    accounts.create(store, "ana", password=GOOD)
    row = store.one("SELECT password_hash FROM accounts")
    assert row is not None
    # RFC 9106, second recommended option: 64 MiB, three passes, four lanes.
    assert row[0].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert GOOD.encode() not in everything(path)
    store.close()


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("seven77", "must have 8..128 characters, got 7"),
        ("x" * 129, "must have 8..128 characters, got 129"),
        ("password1", "must be harder to guess"),
        ("barranquilla", "must be harder to guess"),
        ("ana-ruiz-mora", "must be harder to guess"),
        ("half a \ud800 character", "must be UTF-8"),
    ],
)
def test_poor_passwords_are_refused_and_never_shown(store: AccountStore, password: str, rule: str) -> None:
    with pytest.raises(InvalidValue, match=rule) as caught:
        accounts.create(store, "ana-ruiz-mora", password=password)
    assert caught.value.fields[0][0] == "password"
    if password != "password1":  # the hint speaks of passwords
        assert password not in str(caught.value)
    assert accounts.list_all(store) == []


def test_a_hash_of_weaker_parameters_is_replaced_at_the_next_sign_in(path: Path) -> None:
    weak = AccountStore(path, Passwords(QUICK))
    accounts.create(weak, "ana", password=GOOD)
    weak.close()
    strong = AccountStore(path, Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)))
    sign_in.sign_in(strong, "ana", GOOD, "::1")
    row = strong.one("SELECT password_hash FROM accounts")
    assert row is not None
    assert "m=16,t=2,p=1" in row[0]
    assert sign_in.sign_in(strong, "ana", GOOD, "::1").name == "ana"
    strong.close()


# ---- signing in


def test_every_failure_has_the_same_answer_and_work(
    store: AccountStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.create(store, "ana", password=GOOD)
    accounts.create(store, "bob", password=GOOD)
    accounts.create(store, "nopassword")
    accounts.set_disabled(store, "bob", True)
    verified: list[str] = []
    real = PasswordHasher.verify

    def verify(self: PasswordHasher, hashed: Any, password: Any) -> Any:
        verified.append(hashed.rpartition("$")[0].rpartition("$")[0])
        return real(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    said = set()
    for name in ("ana", "nobody", "bob", "nopassword", "x" * 500):
        with pytest.raises(NotSignedIn) as caught:
            sign_in.sign_in(store, name, GOOD if name == "bob" else "wrong", "::1")
        said.add(str(caught.value))
    assert said == {"the name or the password is wrong"}
    # One hash each, of the same parameters: unknown names take as long as known ones.
    assert len(verified) == 5
    assert len(set(verified)) == 1


def test_after_five_failures_an_address_waits(store: AccountStore, at: Callable[[float], None]) -> None:
    accounts.create(store, "ana", password=GOOD)
    for second in range(5):
        at(second)
        with pytest.raises(NotSignedIn):
            sign_in.sign_in(store, "ana", "wrong", "192.0.2.1")
    at(10)
    with pytest.raises(TooManyRequests) as caught:
        sign_in.sign_in(store, "ANA", GOOD, "192.0.2.1")
    assert caught.value.retry_after_s == 290
    # Others are not kept out by it, and after its time neither is this one.
    assert sign_in.sign_in(store, "ana", GOOD, "192.0.2.2").name == "ana"
    at(301)
    assert sign_in.sign_in(store, "ana", GOOD, "192.0.2.1").name == "ana"


def test_success_forgets_the_failures_before_it(store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(NotSignedIn):
                sign_in.sign_in(store, "ana", "wrong", "::1")
        sign_in.sign_in(store, "ana", GOOD, "::1")


def test_many_names_from_one_address_are_too_many(store: AccountStore) -> None:
    for number in range(50):
        with pytest.raises(NotSignedIn):
            sign_in.sign_in(store, f"name{number}", "wrong", "192.0.2.1")
    with pytest.raises(TooManyRequests):
        sign_in.sign_in(store, "another", "wrong", "192.0.2.1")


def test_accounts_made_from_one_address_have_an_end(store: AccountStore, at: Callable[[float], None]) -> None:
    for _ in range(20):
        sign_in.check_sign_ups(store, "192.0.2.1")
        sign_in.note_sign_up(store, "192.0.2.1")
    with pytest.raises(TooManyRequests, match="too many accounts were made from here; try again in 3600 s"):
        sign_in.check_sign_ups(store, "192.0.2.1")
    sign_in.check_sign_ups(store, "192.0.2.2")
    at(3_601)
    sign_in.check_sign_ups(store, "192.0.2.1")


def test_neither_names_nor_addresses_of_failures_are_kept(store: AccountStore, path: Path) -> None:
    with pytest.raises(NotSignedIn):
        sign_in.sign_in(store, "mistyped-secret", "wrong", "192.0.2.77")
    assert b"mistyped-secret" not in everything(path)
    assert b"192.0.2.77" not in everything(path)


# ---- sessions


def test_a_session_says_who_asks_until_it_is_ended(store: AccountStore, path: Path) -> None:
    account = accounts.create(store, "ana", user_id="u1")
    secret = sessions.start(store, account, "Firefox")
    found = sessions.find(store, secret)
    assert found is not None
    assert (found.name, found.user_id, found.role, found.scopes) == (
        "ana",
        "u1",
        "listener",
        ROLE_SCOPES["listener"],
    )
    assert secret.encode() not in everything(path)
    (listed,) = sessions.list_of(store, account.account_id)
    assert (listed.session_id, listed.device) == (found.secret_id, "Firefox")
    assert sessions.end(store, account.account_id, listed.session_id)
    assert sessions.find(store, secret) is None
    assert not sessions.end(store, account.account_id, listed.session_id)


def test_nobody_ends_a_session_of_another(store: AccountStore) -> None:
    ana, bob = accounts.create(store, "ana"), accounts.create(store, "bob")
    secret = sessions.start(store, ana, "")
    found = sessions.find(store, secret)
    assert found is not None
    assert not sessions.end(store, bob.account_id, found.secret_id)
    assert sessions.find(store, secret) is not None


def test_sessions_end_by_themselves(store: AccountStore, at: Callable[[float], None]) -> None:
    account = accounts.create(store, "ana")
    day = 86_400
    idle, used = sessions.start(store, account, ""), sessions.start(store, account, "")
    for days in (6, 12, 18, 24, 29.9):
        at(days * day)
        assert sessions.find(store, used) is not None
    assert sessions.find(store, idle) is None
    at(30.1 * day)
    assert sessions.find(store, used) is None


def test_a_new_password_ends_the_other_sessions(store: AccountStore) -> None:
    account = accounts.create(store, "ana", password=GOOD)
    here, there = sessions.start(store, account, ""), sessions.start(store, account, "")
    kept = sessions.find(store, here)
    assert kept is not None
    accounts.change_password(store, account, f"{GOOD} again", keep=kept.secret_id)
    assert sessions.find(store, here) is not None
    assert sessions.find(store, there) is None


def test_a_disabled_account_is_out_at_once(store: AccountStore) -> None:
    account = accounts.create(store, "ana")
    session = sessions.start(store, account, "")
    _, token = tokens.create(store, account, "bot", ["listens:write"])
    accounts.set_disabled(store, "ana", True)
    assert sessions.find(store, session) is None
    assert tokens.find(store, token) is None
    accounts.set_disabled(store, "ana", False)
    assert sessions.find(store, session) is None
    assert tokens.find(store, token) is not None


# ---- tokens


def test_a_token_may_what_it_was_made_for(store: AccountStore, path: Path) -> None:
    account = accounts.create(store, "ana", user_id="u1")
    made, secret = tokens.create(store, account, "scrobbler", ["listens:write"], days=2)
    found = tokens.find(store, secret)
    assert found is not None
    assert (found.user_id, found.scopes, found.is_session) == ("u1", {"listens:write"}, False)
    assert secret.startswith("muse_")
    assert secret.encode() not in everything(path)
    (listed,) = tokens.list_of(store, account.account_id)
    assert (listed.token_id, listed.name, listed.used_at is not None) == (made.token_id, "scrobbler", True)
    assert tokens.revoke(store, account.account_id, made.token_id)
    assert tokens.find(store, secret) is None


def test_a_token_ends_on_its_day(store: AccountStore, at: Callable[[float], None]) -> None:
    account = accounts.create(store, "ana")
    _, secret = tokens.create(store, account, "bot", ["listens:write"], days=1)
    at(86_399)
    assert tokens.find(store, secret) is not None
    at(86_401)
    assert tokens.find(store, secret) is None
    assert tokens.list_of(store, account.account_id) == []


def test_a_token_loses_what_its_account_loses(store: AccountStore) -> None:
    account = accounts.create(store, "ana", role="operator")
    _, secret = tokens.create(store, account, "all", list(SCOPES))
    accounts.set_role(store, "ana", "listener")
    found = tokens.find(store, secret)
    assert found is not None
    assert found.scopes == ROLE_SCOPES["listener"]


@pytest.mark.parametrize("scopes", [[], ["admin"], ["listens:write", "sing"]])
def test_scopes_that_an_account_cannot_give(store: AccountStore, scopes: list[str]) -> None:
    account = accounts.create(store, "ana")
    with pytest.raises(InvalidValue, match="scopes must be of recommendations:read"):
        tokens.create(store, account, "bot", scopes)


@pytest.mark.parametrize("days", [0, -1, 3_661])
def test_days_of_a_token(store: AccountStore, days: int) -> None:
    with pytest.raises(InvalidRequest, match=r"days must be 1\.\.3660"):
        tokens.create(store, accounts.create(store, "ana"), "bot", ["listens:write"], days=days)


def test_tokens_have_an_end_in_number(store: AccountStore) -> None:
    account = accounts.create(store, "ana")
    for number in range(50):
        tokens.create(store, account, f"bot {number}", ["listens:write"])
    with pytest.raises(Conflict, match="at most 50 tokens"):
        tokens.create(store, account, "one more", ["listens:write"])


# ---- links


def test_a_reset_link_is_good_once_and_for_an_hour(store: AccountStore, at: Callable[[float], None]) -> None:
    account = accounts.create(store, "ana", password=GOOD)
    session = sessions.start(store, account, "")
    late, used = links.start_reset(store, "ana"), links.start_reset(store, "ana")
    with pytest.raises(InvalidValue):
        links.reset(store, used, "short")
    assert links.reset(store, used, f"{GOOD} again").name == "ana"
    assert sessions.find(store, session) is None
    assert sign_in.sign_in(store, "ana", f"{GOOD} again", "::1").name == "ana"
    for secret in (used, late, "made up"):
        with pytest.raises(UnknownLink, match="ask for a new one"):
            links.reset(store, secret, GOOD)
    later = links.start_reset(store, "ana")
    at(3_601)
    with pytest.raises(UnknownLink):
        links.reset_account(store, later)


def test_an_invitation_makes_the_account_of_a_listener(store: AccountStore) -> None:
    first, second = links.invite(store, "u7"), links.invite(store, "u7")
    assert links.claimed_user(store, first) == "u7"
    assert links.claim(store, first, "ana", GOOD).user_id == "u7"
    for secret in (first, second):
        with pytest.raises(UnknownLink):
            links.claim(store, secret, "bob", GOOD)
    with pytest.raises(Conflict, match="user 'u7' has an account"):
        links.invite(store, "u7")
    # Neither kind of link is good for the other.
    with pytest.raises(UnknownLink):
        links.claimed_user(store, links.start_reset(store, "ana"))
    with pytest.raises(UnknownLink):
        links.reset_account(store, links.invite(store, "u8"))


# ---- shared reports


@pytest.fixture
def manager(store: AccountStore) -> Account:
    return accounts.create(store, "ana", role="artist", artist_ids=["a1", "a2"])


def test_a_shared_report_is_found_by_its_link_until_it_ends(
    store: AccountStore, manager: Account, path: Path, at: Callable[[float], None]
) -> None:
    made, secret = shared_reports.create(store, manager.account_id, "a1", "country=CO&track=t%201", 2)
    assert shared_reports.find(store, secret) == made
    assert (made.artist_id, made.filters, made.expires_at - made.created_at) == (
        "a1",
        "country=CO&track=t%201",
        2 * 86_400,
    )
    assert secret.encode() not in everything(path)
    assert shared_reports.list_of(store, manager.account_id, "a1") == [made]
    assert shared_reports.list_of(store, manager.account_id, "a2") == []
    at(2 * 86_400 - 1)
    assert shared_reports.find(store, secret) == made
    at(2 * 86_400 + 1)
    with pytest.raises(UnknownLink):
        shared_reports.find(store, secret)
    assert shared_reports.list_of(store, manager.account_id, "a1") == []


def test_whoever_shares_ends_it_and_nobody_else(store: AccountStore, manager: Account) -> None:
    made, secret = shared_reports.create(store, manager.account_id, "a1", "", 7)
    other = accounts.create(store, "bob")
    assert not shared_reports.revoke(store, other.account_id, made.report_id)
    assert shared_reports.find(store, secret) == made
    assert shared_reports.revoke(store, manager.account_id, made.report_id)
    with pytest.raises(UnknownLink):
        shared_reports.find(store, secret)


def disabled(store: AccountStore) -> None:
    accounts.set_disabled(store, "ana", True)


def of_others(store: AccountStore) -> None:
    accounts.set_role(store, "ana", "artist", ["a2"])


def a_listener(store: AccountStore) -> None:
    accounts.set_role(store, "ana", "listener")


@pytest.mark.parametrize("change", [disabled, of_others, a_listener])
def test_a_link_shows_what_its_account_may_see(
    store: AccountStore, manager: Account, change: Callable[[AccountStore], None]
) -> None:
    _, secret = shared_reports.create(store, manager.account_id, "a1", "", 7)
    change(store)
    with pytest.raises(UnknownLink):
        shared_reports.find(store, secret)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_days_of_a_shared_report(store: AccountStore, manager: Account, days: int) -> None:
    with pytest.raises(InvalidRequest, match=r"days must be 1\.\.90"):
        shared_reports.create(store, manager.account_id, "a1", "", days)


def test_shared_reports_have_an_end_in_number(store: AccountStore, manager: Account) -> None:
    for _ in range(50):
        shared_reports.create(store, manager.account_id, "a1", "", 1)
    with pytest.raises(Conflict, match="at most 50 reports"):
        shared_reports.create(store, manager.account_id, "a2", "", 1)


# ---- rights


def identity(role: Role, **values: Any) -> Identity:
    known = {"user_id": "u1", "artist_ids": frozenset({"a1"}), "scopes": ROLE_SCOPES[role]} | values
    return Identity(1, "ana", role, **known)


@pytest.mark.parametrize(
    ("role", "access", "owner_id", "allowed"),
    [
        ("listener", Access(is_public=True), None, True),
        ("listener", Access(), None, True),
        ("listener", Access("recommendations:read", "user_id"), "u1", True),
        ("listener", Access("recommendations:read", "user_id"), "u2", False),
        ("listener", Access("recommendations:read", "everybody"), None, False),
        ("listener", Access("artists:read", "artist_id"), "a1", False),
        ("listener", Access("admin"), None, False),
        ("artist", Access("artists:read", "artist_id"), "a1", True),
        ("artist", Access("artists:read", "artist_id"), "a2", False),
        ("artist", Access("feedback:write", "user_id"), "u1", True),
        ("analyst", Access("recommendations:read", "user_id"), "u2", True),
        ("analyst", Access("recommendations:read", "everybody"), None, True),
        ("analyst", Access("artists:read", "artist_id"), "a2", True),
        ("analyst", Access("feedback:write", "user_id"), "u1", True),
        ("analyst", Access("feedback:write", "user_id"), "u2", False),
        ("analyst", Access("admin"), None, False),
        ("operator", Access("feedback:write", "user_id"), "u2", True),
        ("operator", Access("admin"), None, True),
    ],
)
def test_who_may_do_what(role: Role, access: Access, owner_id: str | None, allowed: bool) -> None:
    assert (identity(role).may(access, owner_id) is None) is allowed


def test_a_scope_limits_an_operator_too() -> None:
    who = identity("operator", scopes=frozenset({"listens:write"}))
    assert who.may(Access("listens:write", "user_id"), "u2") is None
    assert who.may(Access("admin")) == "this needs the scope admin"


def test_an_account_without_a_listener_owns_none() -> None:
    who = identity("listener", user_id=None)
    assert who.may(Access("recommendations:read", "user_id"), None) is not None


def test_who_serves_openly_may_do_everything() -> None:
    for scope in SCOPES:
        assert operator().may(Access(scope, "user_id"), "anybody") is None


def test_who_only_asks_does_not_wait_for_who_writes(
    store: AccountStore, path: Path, at: Callable[[float], None], caplog: pytest.LogCaptureFixture
) -> None:
    """When something was used last is written if that is possible."""
    account = accounts.create(store, "ana")
    session, secret = (
        sessions.start(store, account, ""),
        tokens.create(store, account, "t", ["listens:write"])[1],
    )
    at(120)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert sessions.find(store, session) is not None
        assert tokens.find(store, secret) is not None
        other.execute("ROLLBACK")
    other.close()
    assert caplog.text.count("database is locked") == 2
    assert sessions.find(store, session) is not None
    (seen,) = sessions.list_of(store, account.account_id)
    assert seen.seen_at == seen.created_at + 120


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be renamed there")
def test_nothing_is_written_to_a_file_that_is_gone(store: AccountStore, path: Path) -> None:
    accounts.create(store, "ana")
    away = path.with_name("away")
    path.rename(away)
    for put in (lambda: None, path.touch):
        put()
        for act in (lambda: accounts.create(store, "ben"), lambda: accounts.list_all(store)):
            with pytest.raises(AccountsUnavailable, match="is not the file that was opened"):
                act()
        with ThreadPoolExecutor(1) as another:
            assert isinstance(another.submit(accounts.list_all, store).exception(), AccountsUnavailable)
    away.replace(path)
    assert [one.name for one in accounts.list_all(store)] == ["ana"]


def test_a_broken_file_leaves_nothing_open(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database " * 100)
    broken = AccountStore(path)
    for _ in range(3):
        with pytest.raises(AccountsUnavailable, match="file is not a database"):
            accounts.list_all(broken)
    assert broken._opened == []
