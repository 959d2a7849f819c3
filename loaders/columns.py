"""The canonical tables: what every loader yields, in the order they load.

A table arrives as `pyarrow.RecordBatch`es with exactly the schema here. `line` is the line in the source file
(1-based, the header is line 1), or the 1-based row number where the source has no lines.
"""

import pyarrow as pa

TIME = pa.timestamp("ms", tz="UTC")
_TEXTS = pa.list_(pa.string())
_LINE = pa.field("line", pa.int64())


def _table(columns: dict[str, pa.DataType]) -> pa.Schema:
    return pa.schema([*(pa.field(name, kind) for name, kind in columns.items()), _LINE])


# `genre_ids[0]` is a track's primary genre; `features` are as many for each track, or null. `audience` holds
# "CC" or "CC:share" entries, kept as given.
SCHEMAS: dict[str, pa.Schema] = {
    "genres": _table({"genre_id": pa.string(), "name": pa.string()}),
    "artists": _table({"artist_id": pa.string(), "name": pa.string(), "country": pa.string()}),
    "tracks": _table(
        {
            "track_id": pa.string(),
            "title": pa.string(),
            "artist_ids": _TEXTS,
            "genre_ids": _TEXTS,
            "duration_s": pa.float64(),
            "language": pa.string(),
            "mbid": pa.string(),
            "isrc": pa.string(),
            "features": pa.list_(pa.float64()),
        }
    ),
    "users": _table(
        {
            "user_id": pa.string(),
            "name": pa.string(),
            "country": pa.string(),
            "listens_visible_to": pa.string(),
        }
    ),
    "friendships": _table({"user_id": pa.string(), "friend_id": pa.string(), "since": TIME}),
    "likes": _table({"user_id": pa.string(), "genre_id": pa.string()}),
    "tags": _table({"user_id": pa.string(), "artist_id": pa.string(), "tag": pa.string()}),
    "listens": _table(
        {
            "listen_id": pa.string(),
            "user_id": pa.string(),
            "track_id": pa.string(),
            "listened_at": TIME,
            "heard": pa.float64(),
            "heard_at_least": pa.float64(),
            "plays": pa.int64(),
            "country": pa.string(),
            "source": pa.string(),
        }
    ),
    "feedback": _table({"user_id": pa.string(), "track_id": pa.string(), "action": pa.string(), "at": TIME}),
    "influencers": _table(
        {
            "influencer_id": pa.string(),
            "handle": pa.string(),
            "country": pa.string(),
            "genre_ids": _TEXTS,
            "avg_likes": pa.float64(),
            "followers": pa.int64(),
            "audience": _TEXTS,
        }
    ),
    "follows": _table({"user_id": pa.string(), "influencer_id": pa.string(), "since": TIME}),
}
