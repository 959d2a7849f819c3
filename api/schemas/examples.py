"""One example of every answer, for the OpenAPI document; the tests hold the answers' shapes to them."""

from __future__ import annotations

from muse_graph.answers import (
    AccountCard,
    Analytics,
    AnalyticsFilters,
    ArtistCard,
    ArtistMatch,
    Beside,
    Compatibility,
    CountryAudience,
    Curve,
    CurvePoint,
    Drop,
    FeedItem,
    Follow,
    Friendship,
    GenreCard,
    GenreMove,
    InfluencerSet,
    Ledger,
    LedgerGenre,
    LeftOut,
    Listener,
    Match,
    Named,
    NewReach,
    PeriodAudience,
    PeriodBefore,
    Person,
    PersonProfile,
    PlainSet,
    PlayedTrack,
    Reach,
    Reason,
    Receipt,
    Recommendation,
    Recommendations,
    Rejected,
    Reports,
    SegmentAudience,
    SentTrack,
    SetMember,
    SharedTaste,
    ShownCount,
    SourceAudience,
    SuggestedFriend,
    TrackAudience,
    TrackCard,
    TrackLine,
    TrackMove,
    WhatIf,
)

ACCOUNT = AccountCard("ana", "listener", "u1", [], ["recommendations:read", "listens:write"])
LISTENER = Listener("u1", "Ana", "CO", "friends", private=False, friends=2, tracks=31, streams=74)
FRIEND = Friendship("u2", "Bea", "friends", "2024-01-31T12:00:00Z")
FOLLOW = Follow("i1", "@cumbiera", "2024-01-31T12:00:00Z")
TRACK = TrackCard(
    "t1",
    "Lluvia en Barranquilla",
    [Named("a1", "Los Faroles")],
    [Named("cumbia", "cumbia")],
    plays=420,
    listeners=77,
    duration_s=213.0,
    language="es",
    mbid=None,
    isrc=None,
)
_LINE = TrackLine(TRACK.track_id, TRACK.title, TRACK.artists, TRACK.genres)
_BEA, _CARL = Named("u2", "Bea"), Named("u3", "Carl")
PERSON = Person("u4", "Dora", "CO", "none", None, common_friends=2)
COMPATIBILITY = Compatibility(
    "u1",
    "u4",
    61,
    "You both play one artist (Los Faroles) and one genre (cumbia)",
    shared_artists=1,
    shared_genres=1,
    artists=[SharedTaste("a1", "Los Faroles", plays=12, their_plays=31)],
    genres=[SharedTaste("cumbia", "cumbia", plays=40, their_plays=55)],
)
PROFILE = PersonProfile(
    "u4",
    "Dora",
    "CO",
    "none",
    None,
    2,
    [_BEA, _CARL],
    COMPATIBILITY,
    genres=TRACK.genres,
    recent=[PlayedTrack(_LINE, None, "2024-05-01T18:30:00Z")],
    most_played=[PlayedTrack(_LINE, 31, None)],
)
SUGGESTED = SuggestedFriend(
    1,
    "u4",
    "Dora",
    "CO",
    2,
    [_BEA, _CARL],
    1.2,
    [Reason("friends-of-friends", "2 friends in common: Bea and Carl", 1.2, n=2)],
)
FEED_ITEM = FeedItem(_BEA, "played", "2024-05-01T18:30:00Z", _LINE)
SENT_TRACK = SentTrack(
    "5f0c1de7-a40d-5b1c-8b6d-2f5d0a9a555b",
    Named("u1", "Ana"),
    _BEA,
    _LINE,
    "For the rain",
    "2024-05-01T18:30:00Z",
    seen=False,
)
ARTIST = ArtistCard("a1", "Los Faroles", "CO", tracks=12, plays=1_830, under_the_radar=True)
GENRE = GenreCard("cumbia", "cumbia", tracks=210)
RECEIPT = Receipt(3, 1, 1, [Rejected(2, "l3", "heard: must be a number in 0..1, got 3")])
ALL_RECORDED = Receipt(1, 1, 0)

_BY_FRIEND = Reason(
    "friend", "Bea plays it and hears 92 % of it", 0.62, user_id="u2", name="Bea", heard=0.92, plays=7
)
_NEW_GENRE = Reason("genre", "cumbia is new to you", 0.5, genre_id="cumbia")
RECOMMENDATIONS = Recommendations(
    "u1",
    "discovery",
    [Recommendation(1, "t1", TRACK.title, TRACK.artists, TRACK.genres, 1.12, [_BY_FRIEND, _NEW_GENRE])],
)
LEDGER = Ledger(
    "u1",
    [
        LedgerGenre(1, "cumbia", "cumbia", "offered", 0, 0.5, [_NEW_GENRE]),
        LedgerGenre(2, "jazz", "jazz", "resting", 10, 0.0, []),
        LedgerGenre(3, "pop", "pop", "home", 50, 0.0, []),
    ],
    cap=10.0,
    theta=0.2,
)
WHAT_IF = WhatIf(
    "u1",
    RECOMMENDATIONS,
    Recommendations("u1", "discovery", []),
    LEDGER,
    Ledger("u1", LEDGER.genres[1:], cap=10.0, theta=0.2),
    [TrackMove("t1", TRACK.title, 1, None)],
    [GenreMove("cumbia", "cumbia", "offered", None, 0, 0)],
)
_SHARES = [
    (10, 0.973, 0.924, 0.991),
    (20, 0.938, 0.877, 0.969),
    (30, 0.902, 0.833, 0.944),
    (40, 0.866, 0.791, 0.917),
    (50, 0.821, 0.74, 0.881),
    (60, 0.77, 0.682, 0.839),
    (70, 0.708, 0.615, 0.787),
    (80, 0.637, 0.54, 0.723),
    (90, 0.565, 0.467, 0.657),
]
ANALYTICS = Analytics(
    "a1",
    "Los Faroles",
    None,
    None,
    "2024-02-05",
    "2024-02-18",
    filters=AnalyticsFilters([], ["CO", "MX", "PE"], [], [], "2024-02-01", "2024-02-18"),
    exact=False,
    unit="week",
    left_out=[
        LeftOut("countries", ["PE"], "1 country is left out for fewer than 10 listeners."),
        LeftOut("period", ["2024-02-01", "2024-02-18"], "The period is shortened to whole weeks."),
    ],
    suppressed=None,
    plays=120,
    unknown=20,
    listeners=41,
    reach=[Reach(10, 97, 0.97), Reach(50, 80, 0.8), Reach(90, 55, 0.55)],
    countries=[
        CountryAudience("CO", "Colombia", 90, 30, 0.75, 3.0),
        CountryAudience("MX", "Mexico", 30, 11, 0.25, 2.727),
    ],
    tracks=[TrackAudience("t1", "Lluvia en abril", 120, 41, 1.0, 0.565, 11, 0.268)],
    days=[],
    weeks=[PeriodAudience("2024-02-05", 70, 30), PeriodAudience("2024-02-12", 50, 25)],
    months=[],
    years=[],
    undated=0,
    sources=[SourceAudience("unknown", 90, 37), SourceAudience("recommendation", None, None)],
    segments=[SegmentAudience("moderate", 15, 0.366), SegmentAudience("light", 26, 0.634)],
    reports=Reports([3, 4, 4, 4, 5, 5, 6, 7, 7, 55], [8, 0, 0, 0, 0, 12, 0, 0, 0, 0]),
    curve=Curve(
        0.833,
        [CurvePoint(percent, share, low, high) for percent, share, low, high in _SHARES],
        Drop(80, 0.072),
        0.565,
    ),
    before=PeriodBefore("2024-01-22", "2024-02-04", 100, 35, 0.54, 0.2, 0.171, 0.025),
    new_listeners=14,
    returning_listeners=27,
    newcomers_unit="week",
    savers=11,
    save_rate=0.268,
    savers_unit="week",
    beside=Beside("genre", "cumbia", "cumbia", 143, [CurvePoint(10, 0.941, None, None)], 0.512, None),
)
MATCH = Match(
    1,
    "i1",
    "@cumbiera",
    "CO",
    ["cumbia"],
    avg_likes=5_200.0,
    followers=81_000,
    score=5_200.0,
    reasons=[Reason("genre", "posts in cumbia, from Colombia", 5_200.0, genre_id="cumbia")],
)
_ADDED = ShownCount(120, suppressed=False)
ARTIST_MATCH = ArtistMatch(
    1,
    "i1",
    "@cumbiera",
    "CO",
    ["cumbia"],
    avg_likes=5_200.0,
    followers=81_000,
    engagement=0.064,
    genre_fit=0.8,
    country_fit=0.5,
    fit=0.4,
    fitting_likes=2_080.0,
    followers_here=ShownCount(160, suppressed=False),
    already_listening=ShownCount(None, suppressed=True),
    new_reach=NewReach(120, 120, 129, estimated=False, suppressed=False),
    score=87.0,
    reasons=[
        Reason("genre", "posts in genres that 80 % of the plays of Los Faroles are in", 20.0),
        Reason(
            "country", "50 % overlap of the audience with the countries where Los Faroles is played", 12.5
        ),
        Reason(
            "new-reach", "120 of the followers are listeners here who have not heard Los Faroles", 40.0, n=120
        ),
        Reason("engagement", "6 % of the followers like a post on average", 14.5),
    ],
)
INFLUENCER_SET = InfluencerSet(
    "a1",
    "Los Faroles",
    5,
    "CO",
    None,
    budget=2_000.0,
    items=[SetMember(1, "i1", "@cumbiera", "CO", 5_200.0, 81_000, cost=810.0, alone=_ADDED, adds=_ADDED)],
    total=_ADDED,
    cost=810.0,
    plain=PlainSet(["i2"], ShownCount(90, suppressed=False), 1_200.0),
    gain=120 / 90 - 1,
    not_known=3,
    not_priced=1,
)
