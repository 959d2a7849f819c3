"""Who may do what: roles, scopes, and the one rule that compares them with what a route declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

__all__ = [
    "EVERYBODY",
    "ROLES",
    "ROLE_SCOPES",
    "SCOPES",
    "Access",
    "Identity",
    "Owner",
    "Role",
    "Scope",
    "acts_for_all",
    "operator",
]

#: listener: acts for one user; artist: also sees the artists it owns; analyst: reads everything but secrets;
#: operator: may do everything.
Role = Literal["listener", "artist", "analyst", "operator"]
Scope = Literal[
    "recommendations:read", "listens:write", "feedback:write", "friends:write", "artists:read", "admin"
]
#: Whose things a route gives or changes: those of the user or the artist in its path, or of everybody.
Owner = Literal["user_id", "artist_id", "everybody"]

ROLES: tuple[Role, ...] = get_args(Role)
SCOPES: dict[Scope, str] = {
    "recommendations:read": "read lists, the ledger of genres, friends and what they play",
    "listens:write": "record listens",
    "feedback:write": "save and discard tracks",
    "friends:write": "change the profile and friendships, follow influencers, send tracks, erase the user",
    "artists:read": "read analytics of artists, match influencers",
    "admin": "create users, read metrics, administer",
}
_OF_LISTENERS: frozenset[Scope] = frozenset(
    ("recommendations:read", "listens:write", "feedback:write", "friends:write")
)
#: What each role may be allowed at most.
ROLE_SCOPES: dict[Role, frozenset[Scope]] = {
    "listener": _OF_LISTENERS,
    "artist": _OF_LISTENERS | {"artists:read"},
    "analyst": _OF_LISTENERS | {"artists:read"},
    "operator": frozenset(SCOPES),
}
EVERYBODY: Owner = "everybody"


@dataclass(frozen=True)
class Access:
    """What a route wants.

    Attributes:
        scope: None for any account
        owner: whose things it is about; None for what belongs to nobody
        is_public: nobody has to sign in
    """

    scope: Scope | None = None
    owner: Owner | None = None
    is_public: bool = False

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.scope is None or self.scope.endswith(":read")


@dataclass(frozen=True)
class Identity:
    """Who asks.

    Attributes:
        account_id: None where no account is needed
        user_id: the listener that the account is
        artist_ids: the artists that it owns
        scopes: what it may do; of a token perhaps less than of the account
        secret_id: id of the session or token; empty where no account is needed
        is_session: whether it signed in by a browser, and no token was sent
    """

    account_id: int | None
    name: str
    role: Role
    user_id: str | None
    artist_ids: frozenset[str]
    scopes: frozenset[Scope]
    secret_id: str = ""
    is_session: bool = False

    def may(self, access: Access, owner_id: str | None = None) -> str | None:
        """Why this is not allowed; None if it is.

        Args:
            owner_id: id of the user or artist whose things it is about
        """
        if access.is_public:
            return None
        if access.scope is not None and access.scope not in self.scopes:
            return f"this needs the scope {access.scope}"
        if access.owner is None or acts_for_all(self, reads=access.reads):
            return None
        if access.owner == "user_id" and owner_id is not None and owner_id == self.user_id:
            return None
        if access.owner == "artist_id" and owner_id in self.artist_ids:
            return None
        return _REFUSALS[access.owner]


def acts_for_all(who: Identity, *, reads: bool = True) -> bool:
    """Whether somebody may read the things of everybody, or change them."""
    return who.role == "operator" or (who.role == "analyst" and reads)


_REFUSALS: dict[Owner, str] = {
    "user_id": "this belongs to another user",
    "artist_id": "this artist belongs to another account",
    "everybody": "this is about everybody: only analysts and operators may see it",
}


def operator(name: str = "open") -> Identity:
    """An operator without an account: who serves without sign-in, or runs a command."""
    return Identity(None, name, "operator", None, frozenset(), ROLE_SCOPES["operator"])
