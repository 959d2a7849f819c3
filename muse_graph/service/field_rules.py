"""What each field may hold: its type, bounds, characters and normal form, decided here and nowhere else.

The API (`api/schemas/`), files (`loaders/table_rules.py`), the command line (`cli/options.py`), the service
and the doctor take their rules from here. How a kind of field is read is in `field_kinds.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from muse_graph.answers import Visibility
from muse_graph.core.artists.words import SEGMENTS
from muse_graph.core.listening.sources import SOURCES
from muse_graph.countries import UNKNOWN
from muse_graph.errors import invalid
from muse_graph.service import field_kinds as kinds
from muse_graph.service.field_kinds import FieldRule
from muse_graph.timestamps import latest_ms

__all__ = [
    "COUNTRY_OR_UNKNOWN",
    "FIELDS",
    "ID",
    "MAX_ID",
    "MAX_NAME",
    "MAX_NOTE",
    "MAX_PLAYS",
    "ONE_SHARE",
    "SEGMENT",
    "SOURCE_GROUP",
    "Feedback",
    "check",
    "check_by",
    "field_rules",
    "stored_limits",
]

#: What a user thinks of a track.
Feedback = Literal["save", "discard"]

#: Longest id, and longest name or title, in characters.
MAX_ID, MAX_NAME = 200, 1_000
MAX_SOURCE = 50
#: Longest line of text beside a track that is sent to a friend.
MAX_NOTE = 280
#: Most plays of one listen, and of one user and track together. Shares heard are summed in millionths, and a
#: graph has at most 2^35 relationships: no sum of any of them can leave the 64 bits of an integer.
MAX_PLAYS = 100_000_000
MAX_FEATURES = 64
#: Of a listen: what is known exactly needs no bound.
ONE_SHARE = "give heard or heard_at_least, not both"

_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_COUNTRY_RULE = "must be an ISO 3166-1 alpha-2 country code, as in CO"
_REACH_RULE = 'must be a country code, "CC", or one with a share above 0 and at most 1, "CC:share"'

ID = kinds.text(MAX_ID, lines=False, spelled=kinds.digits)
_NAME = kinds.text(MAX_NAME)
_NOTE = kinds.text(MAX_NOTE, lines=False)
_COUNTRY = kinds.country(_COUNTRY_RULE)
_SHARE = kinds.number("must be a number in 0..1", lambda x: 0 <= x <= 1, minimum=0, maximum=1)
#: Where plays are looked up by country: answers list those of an unknown one too, so it may be asked for.
COUNTRY_OR_UNKNOWN = kinds.country(f"{_COUNTRY_RULE}, or {UNKNOWN} for unknown", or_unknown=True)

#: How plays are looked up by what brought listeners to them.
SOURCE_GROUP = kinds.choice(SOURCES)
#: How listeners are looked up by how close they are to an artist.
SEGMENT = kinds.choice(SEGMENTS)


def field_rules(now: datetime | None = None) -> Mapping[str, FieldRule]:
    """The rule of every field by name; no time may lie more than a day after `now`, None for the present."""
    ids = ("user_id", "friend_id", "track_id", "artist_id", "genre_id", "listen_id", "influencer_id")
    return {
        **dict.fromkeys(ids, ID),
        **dict.fromkeys(("artist_ids", "genre_ids"), kinds.several(ID)),
        **dict.fromkeys(("name", "title"), _NAME),
        **dict.fromkeys(("since", "listened_at", "at"), kinds.time(now)),
        "note": _NOTE,
        "handle": kinds.text(200),
        "tag": kinds.text(200, lower=True),
        "source": kinds.text(MAX_SOURCE),
        "language": kinds.text(20),
        "country": _COUNTRY,
        "listens_visible_to": kinds.choice(get_args(Visibility)),
        "audience": kinds.several(kinds.reach(_REACH_RULE)),
        "duration_s": kinds.number("must be a number of seconds above 0 and below 10^15", lambda x: x > 0),
        "mbid": kinds.matching("must be a UUID", _UUID, str.lower),
        "isrc": kinds.matching("must be an ISRC of 12 characters, as in USRC17607839", _ISRC, _isrc),
        "features": kinds.numbers(MAX_FEATURES),
        **dict.fromkeys(("heard", "heard_at_least"), _SHARE),
        "plays": kinds.whole(1, MAX_PLAYS),
        "action": kinds.choice(get_args(Feedback)),
        "avg_likes": kinds.number("must be a number of at least 0 and below 10^15", lambda x: x >= 0),
        "followers": kinds.whole(0, kinds.BEYOND - 1),
    }


def _isrc(text: str) -> str:
    return text.replace("-", "").upper()


#: The rules with the present as the present.
FIELDS = field_rules()


def check(field: str, value: object) -> Any:
    """The normal form of a field's value. raises: InvalidRequest naming field, rule and value."""
    return check_by(FIELDS[field], field, value)


def check_by(rule: FieldRule, field: str, value: object) -> Any:
    """As `check`, by a rule that the field has in one place."""
    try:
        return rule.clean(value)
    except ValueError as error:
        raise invalid(field, str(error), value) from None


def stored_limits() -> dict[str, object]:
    """What a listen and a sent track may hold, as parameters of queries that look for those which do not."""
    return {
        "legal_id": kinds.pattern(MAX_ID, lines=False),
        "legal_source": kinds.pattern(MAX_SOURCE),
        "legal_note": kinds.pattern(MAX_NOTE, lines=False),
        "max_plays": MAX_PLAYS,
        "latest_ms": latest_ms(datetime.now(UTC)),
    }
