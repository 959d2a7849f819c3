"""Every route of the API with a request that goes well: what is asked, of which function, and the answer.

`tests/api/test_routes.py` fails for a route that is not here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from muse_graph.answers import Page
from muse_graph.api.schemas import audience_examples, examples
from muse_graph.service.artists.influencer_sets import Price
from muse_graph.service.recommendations.lists import RankedList
from muse_graph.service.recommendations.options import RecommendationOptions

USER = "/api/v1/users/u1"


@dataclass(frozen=True)
class Route:
    """One route. `service` is module.function of muse_graph.service, `answer` what it returns.

    called_with : arguments by keyword; `options` is the one that comes after the user
    """

    method: str
    rule: str
    url: str
    service: str | None = None
    answer: Any = None
    status: int = 200
    body: Any = None
    called_with: dict[str, Any] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return self.method != "GET" and not self.rule.endswith("/what-if")

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def get(rule: str, url: str, service: str | None = None, answer: Any = None, **called_with: Any) -> Route:
    return Route("GET", rule, url, service, answer, called_with=called_with)


LISTEN = {
    "listen_id": "l1",
    "user_id": "u1",
    "track_id": "t1",
    "listened_at": "2024-05-01T18:30:00Z",
    "heard": 0.9,
}

ROUTES = [
    get("/api/v1/account", "/api/v1/account"),
    get(
        "/api/v1/users",
        "/api/v1/users?q=ana&limit=3&cursor=x",
        "users.users.list_users",
        Page([examples.LISTENER], "n"),
        limit=3,
        cursor="x",
    ),
    get("/api/v1/users/<user_id>", USER, "users.users.get_user", examples.LISTENER),
    Route(
        "PUT",
        "/api/v1/users/<user_id>",
        USER,
        "users.users.put_user",
        (examples.LISTENER, True),
        201,
        {"name": "Ana", "country": "co"},
        {"name": "Ana", "country": "CO"},
    ),
    Route(
        "PATCH",
        "/api/v1/users/<user_id>",
        USER,
        "users.users.put_user",
        (examples.LISTENER, False),
        200,
        {"private": True},
        {"private": True},
    ),
    Route("DELETE", "/api/v1/users/<user_id>", USER, "privacy.everything.erase_everything", status=204),
    get("/api/v1/users/<user_id>/export", f"{USER}/export", "privacy.export.write_export"),
    get(
        "/api/v1/users/<user_id>/recommendations",
        f"{USER}/recommendations?k=5&new_only=true&mode=for-you&radar_share=0.25&max_per_artist=2"
        "&diversity=0.3&artist_weight=2&language_weight=0&features_weight=0.1",
        "recommendations.lists.rank",
        RankedList(examples.RECOMMENDATIONS, [], True),
        options=RecommendationOptions(
            k=5,
            mode="for-you",
            new_only=True,
            radar_share=0.25,
            max_per_artist=2,
            diversity=0.3,
            artist_weight=2,
            language_weight=0,
            features_weight=0.1,
        ),
    ),
    get(
        "/api/v1/users/<user_id>/genres",
        f"{USER}/genres?beyond_friends=true",
        "recommendations.genres.discover_genres",
        examples.LEDGER,
        options=RecommendationOptions(beyond_friends=True),
    ),
    Route(
        "PUT",
        "/api/v1/users/<user_id>/feedback/<track_id>",
        f"{USER}/feedback/t1",
        "users.feedback.give_feedback",
        None,
        200,
        {"action": "save", "at": "2024-05-01T20:30:00.1239+02:00"},
    ),
    Route(
        "DELETE",
        "/api/v1/users/<user_id>/feedback/<track_id>",
        f"{USER}/feedback/t1",
        "users.feedback.give_feedback",
        None,
        204,
    ),
    get(
        "/api/v1/users/<user_id>/friends",
        f"{USER}/friends",
        "users.friendships.list_friends",
        Page([examples.FRIEND], None),
    ),
    Route(
        "PUT",
        "/api/v1/users/<user_id>/friends/<friend_id>",
        f"{USER}/friends/u2",
        "users.friendships.ask",
        examples.FRIEND,
        200,
        {"action": "ask"},
    ),
    Route(
        "DELETE",
        "/api/v1/users/<user_id>/friends/<friend_id>",
        f"{USER}/friends/u2",
        "users.friendships.end",
        examples.FRIEND,
        204,
        None,
        {"theta": 0.2},
    ),
    get(
        "/api/v1/users/<user_id>/follows",
        f"{USER}/follows?limit=3",
        "users.follows.list_follows",
        Page([examples.FOLLOW], "n"),
        limit=3,
        cursor=None,
    ),
    Route(
        "PUT",
        "/api/v1/users/<user_id>/follows/<influencer_id>",
        f"{USER}/follows/i1",
        "users.follows.follow",
        examples.FOLLOW,
        200,
        {"since": "2024-01-31T12:00:00Z"},
    ),
    Route(
        "DELETE",
        "/api/v1/users/<user_id>/follows/<influencer_id>",
        f"{USER}/follows/i1",
        "users.follows.unfollow",
        None,
        204,
    ),
    Route(
        "POST",
        "/api/v1/users/<user_id>/what-if",
        f"{USER}/what-if",
        "what_if.what_if.what_if",
        examples.WHAT_IF,
        200,
        {"drop_friends": ["u2"], "lift_cap": True, "k": 5, "new_only": True},
        {"options": RecommendationOptions(k=5, new_only=True)},
    ),
    get(
        "/api/v1/users/<user_id>/people",
        f"{USER}/people?q=dora&limit=3",
        "users.people.search_people",
        Page([examples.PERSON], "n"),
        limit=3,
        cursor=None,
    ),
    get(
        "/api/v1/users/<user_id>/people/<other_id>",
        f"{USER}/people/u4",
        "users.people.get_person",
        examples.PROFILE,
    ),
    get(
        "/api/v1/users/<user_id>/compatibility/<other_id>",
        f"{USER}/compatibility/u4",
        "users.people.get_compatibility",
        examples.COMPATIBILITY,
    ),
    get(
        "/api/v1/users/<user_id>/suggested-friends",
        f"{USER}/suggested-friends?k=3",
        "users.suggestions.suggest_friends",
        [examples.SUGGESTED],
    ),
    get(
        "/api/v1/users/<user_id>/feed",
        f"{USER}/feed?limit=3",
        "users.feed.read_feed",
        Page([examples.FEED_ITEM], "n"),
        limit=3,
        cursor=None,
    ),
    Route(
        "POST",
        "/api/v1/users/<user_id>/sent-tracks",
        f"{USER}/sent-tracks",
        "users.sent_tracks.send_track",
        (examples.SENT_TRACK, True),
        201,
        {"to": "u2", "track_id": "t1", "note": " For the rain", "id": "x1"},
        {"note": "For the rain", "request_id": "x1"},
    ),
    get(
        "/api/v1/users/<user_id>/sent-tracks",
        f"{USER}/sent-tracks",
        "users.sent_tracks.list_sent_tracks",
        Page([examples.SENT_TRACK], None),
        limit=50,
        cursor=None,
    ),
    Route(
        "DELETE",
        "/api/v1/users/<user_id>/sent-tracks/<sent_id>",
        f"{USER}/sent-tracks/s1",
        "users.sent_tracks.delete_sent_track",
        None,
        204,
    ),
    get(
        "/api/v1/users/<user_id>/received-tracks",
        f"{USER}/received-tracks",
        "users.sent_tracks.list_sent_tracks",
        Page([examples.SENT_TRACK], None),
    ),
    Route(
        "PUT",
        "/api/v1/users/<user_id>/received-tracks/<sent_id>",
        f"{USER}/received-tracks/s1",
        "users.sent_tracks.set_seen",
        examples.SENT_TRACK,
        200,
        {"seen": True},
        {"seen": True},
    ),
    Route(
        "DELETE",
        "/api/v1/users/<user_id>/received-tracks/<sent_id>",
        f"{USER}/received-tracks/s1",
        "users.sent_tracks.delete_sent_track",
        None,
        204,
    ),
    get(
        "/api/v1/tracks",
        "/api/v1/tracks?q=lluvia",
        "catalogue.search.search_tracks",
        Page([examples.TRACK], None),
    ),
    get("/api/v1/tracks/<track_id>", "/api/v1/tracks/t1", "catalogue.search.get_track", examples.TRACK),
    get(
        "/api/v1/artists", "/api/v1/artists", "catalogue.search.search_artists", Page([examples.ARTIST], None)
    ),
    get("/api/v1/artists/<artist_id>", "/api/v1/artists/a1", "catalogue.search.get_artist", examples.ARTIST),
    get(
        "/api/v1/genres", "/api/v1/genres?q=c", "catalogue.search.search_genres", Page([examples.GENRE], None)
    ),
    get("/api/v1/genres/<genre_id>", "/api/v1/genres/cumbia", "catalogue.search.get_genre", examples.GENRE),
    Route("POST", "/api/v1/listens", "/api/v1/listens", None, None, 201, LISTEN),
    get(
        "/api/v1/artists/<artist_id>/analytics",
        "/api/v1/artists/a1/analytics?from=2024-01-01&to=2024-12-31&country=CO&country=ZZ&track=t1&source=feed"
        "&segment=super&beside=genre",
        "artists.analytics.analytics",
        examples.ANALYTICS,
        beside="genre",
        exact=True,
    ),
    get(
        "/api/v1/artists/<artist_id>/interests",
        "/api/v1/artists/a1/interests?from=2024-01-01&country=co&track=t1&source=feed&segment=super&k=3",
        "artists.interests.interests",
        audience_examples.INTERESTS,
        k=3,
    ),
    get(
        "/api/v1/artists/<artist_id>/overlap",
        "/api/v1/artists/a1/overlap?with=a5",
        "artists.overlaps.audience_overlap",
        audience_examples.OVERLAP,
    ),
    get(
        "/api/v1/artists/<artist_id>/spread",
        "/api/v1/artists/a1/spread?window=14&segment=light&segment=lapsed",
        "artists.spread.artist_spread",
        audience_examples.SPREAD,
        window=14,
    ),
    get(
        "/api/v1/artists/<artist_id>/influencers",
        "/api/v1/artists/a1/influencers?k=3&sort=new_reach",
        "artists.influencers.artist_influencers",
        [examples.ARTIST_MATCH],
        country=None,
        genre_id=None,
        k=3,
        sort="new_reach",
    ),
    get(
        "/api/v1/artists/<artist_id>/influencers/together",
        "/api/v1/artists/a1/influencers/together?k=3&country=co&cost_per_1000=10&minimum_cost=50&budget=900",
        "artists.influencer_sets.influencers_together",
        examples.INFLUENCER_SET,
        country="CO",
        genre_id=None,
        k=3,
        price=Price(10, 50, 900),
    ),
    get(
        "/api/v1/influencers",
        "/api/v1/influencers?country=co&genre=cumbia",
        "artists.influencers.match_influencers",
        [examples.MATCH],
        country="CO",
        genre_id="cumbia",
        k=20,
    ),
    get("/livez", "/livez"),
    get("/readyz", "/readyz", "maintenance.health.ready", {"database": "up", "schema": "3"}),
    get("/metrics", "/metrics"),
    get("/version", "/version"),
]
