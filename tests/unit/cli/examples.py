"""Answers for the tests, small enough to read."""

from __future__ import annotations

from muse_graph.answers import (
    Analytics,
    AnalyticsFilters,
    Beside,
    CountryAudience,
    Curve,
    CurvePoint,
    Drop,
    InfluencerSet,
    Ledger,
    LedgerGenre,
    LeftOut,
    Match,
    Named,
    PeriodAudience,
    PeriodBefore,
    PlainSet,
    Reach,
    Reason,
    Recommendation,
    Recommendations,
    Reports,
    SegmentAudience,
    SetMember,
    ShownCount,
    SourceAudience,
    TrackAudience,
)


def recommendations(user_id: str = "u1") -> Recommendations:
    reasons = [
        Reason("friend", "Ana heard 95 % of it, twice.", 0.3, "u2", "Ana", 0.95, 2),
        Reason("genre", "fado is new to you.", 0.5, genre_id="fado"),
    ]
    item = Recommendation(
        1, "t1", "Noite [b]", [Named("a1", "Duarte")], [Named("fado", "fado")], 0.8, reasons
    )
    return Recommendations(user_id, "discovery", [item])


def ledger(user_id: str = "u1") -> Ledger:
    genres = [
        LedgerGenre(
            1, "fado", "fado", "offered", 0, 0.5, [Reason("friends", "3 friends play it.", 0.5, n=3)]
        ),
        LedgerGenre(2, "jazz", "jazz", "resting", 10, 0.0, [Reason("genre", "back when fado has 10.", 0.0)]),
        LedgerGenre(3, "pop", "pop", "home", 50, 0.0, []),
    ]
    return Ledger(user_id, genres, 10.0, 0.2)


def analytics() -> Analytics:
    reach = [Reach(10 * step, 1_100 - 100 * step, 1.1 - step / 10) for step in range(1, 10)]
    countries = [
        CountryAudience("PT", "Portugal", 900, 40, 0.75, 22.5),
        CountryAudience("ZZ", "unknown", None, None, None, None),
    ]
    return Analytics(
        *("a1", "Duarte", None, None, None, None),
        filters=AnalyticsFilters(["t1", "t2"], ["PT"], ["feed"], ["super"], None, None),
        exact=False,
        unit="day",
        left_out=[LeftOut("tracks", ["t2"], "1 track is left out.")],
        suppressed=None,
        plays=1_200,
        unknown=200,
        listeners=52,
        reach=reach,
        countries=countries,
        tracks=[
            TrackAudience("t1", "Fado [b]", 1_100, 45, 0.9167, 0.12, 12, 0.2667),
            TrackAudience("t2", "Maré", None, None, None, None, None, None),
        ],
        days=[PeriodAudience("2026-09-01", 1_100, 50)],
        weeks=[PeriodAudience("2026-08-31", 1_100, 50)],
        months=[],
        years=[],
        undated=100,
        sources=[SourceAudience("unknown", 1_200, 52)],
        segments=[SegmentAudience("super", 20, 0.385), SegmentAudience("lapsed", None, None)],
        reports=Reports([100] * 10, [200, *[0] * 9]),
        curve=Curve(
            0.8333,
            [CurvePoint(10 * n, 1 - n / 10, 0.98 - n / 10, 1.02 - n / 10) for n in range(1, 10)],
            Drop(20, 0.1),
            0.1,
        ),
        before=PeriodBefore("2026-08-01", "2026-08-31", 800, 60, 0.2, 0.5, -0.1333, -0.1),
        new_listeners=12,
        returning_listeners=40,
        newcomers_unit="week",
        savers=13,
        save_rate=0.25,
        savers_unit="week",
        beside=Beside(
            "track", "t2", "Maré", 1, [CurvePoint(10 * n, 0.5, 0.4, 0.6) for n in range(1, 10)], 0.5, None
        ),
    )


def match() -> Match:
    reasons = [Reason("genre", "posts in fado.", 1500.0, genre_id="fado")]
    return Match(1, "i1", "@fado.daily", "PT", ["fado"], 1500.0, None, 1500.0, reasons)


def influencer_set() -> InfluencerSet:
    few, many = ShownCount(None, suppressed=True), ShownCount(1_120, suppressed=False)
    chosen = SetMember(1, "i1", "@fado.daily", "PT", 1500.0, 81_000, 810.0, many, few)
    plain = PlainSet(["i2"], ShownCount(800, suppressed=False), 900.0)
    return InfluencerSet("a1", "Duarte", 3, None, None, 900.0, [chosen], many, 810.0, plain, 0.4, 3, 1)
