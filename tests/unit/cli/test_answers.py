"""What the asking commands print and write."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, get_args

import pytest
from rich.console import Console
from threadpoolctl import threadpool_info, threadpool_limits

from muse_graph.answers import AnalyticsFilters, Follow, Page, Recommendations, as_json
from muse_graph.api.schemas import audience_examples
from muse_graph.cli.commands import recommend
from muse_graph.cli.views import ledger_view, recommendations_view
from muse_graph.core.rerank.diversity import DiversityOptions
from muse_graph.core.scoring import ScoringOptions
from muse_graph.core.types import SimilarityKind, WeightKind
from muse_graph.errors import UnknownUser
from muse_graph.service.artists.influencer_sets import Price
from muse_graph.service.recommendations.options import ListOptions, Mode, RecommendationOptions

from . import examples


class Asked:
    """A service function that remembers how it was called."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        self.answer = answer
        self.args: tuple[Any, ...] = ()
        self.kwargs: dict[str, Any] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.args, self.kwargs = args, kwargs
        return self.answer(*args)


def test_recommend_prints_json_with_the_fields_of_the_answer(run: Any, graph: Any, provide: Any) -> None:
    recommend = Asked(lambda _, user_id, __: examples.recommendations(user_id))
    provide("muse_graph.service.recommendations.lists", recommend=recommend)
    done = run(
        "recommend", "u7", "-k", "3", "--new-only", "--similarity", "jaccard", "--neighbours", "9", "--json"
    )
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == as_json(examples.recommendations("u7"))
    options = RecommendationOptions(k=3, new_only=True, similarity="jaccard", neighbours=9)
    assert recommend.args == (graph, "u7", options)
    assert recommend.args[2].scoring == ScoringOptions(similarity="jaccard", neighbours=9)
    assert recommend.kwargs["model"] is None


def test_recommend_and_genres_ask_for_nothing_unless_they_are_told(
    run: Any, graph: Any, provide: Any
) -> None:
    recommend = Asked(lambda _, user_id, __: examples.recommendations(user_id))
    genres = Asked(lambda _, user_id, __: examples.ledger(user_id))
    provide("muse_graph.service.recommendations.lists", recommend=recommend)
    provide("muse_graph.service.recommendations.genres", discover_genres=genres)
    assert (run("recommend", "u7").code, run("genres", "u7").code) == (0, 0)
    # Without a word on how friends are weighed a trained model may rank.
    assert recommend.args[2] == genres.args[2] == RecommendationOptions()
    assert genres.kwargs == {"model": None}


def test_recommend_takes_a_mode_and_what_else_than_the_score_counts(
    run: Any, graph: Any, provide: Any
) -> None:
    recommend = Asked(lambda _, user_id, __: examples.recommendations(user_id))
    provide("muse_graph.service.recommendations.lists", recommend=recommend)
    options = ("--mode", "for-you", "--radar-share", "0.25", "--max-per-artist", "2", "--diversity", "0.3")
    unlike = ("--artist-weight", "0", "--language-weight", "2", "--features-weight", "0.5")
    assert run("recommend", "u7", "--beyond-friends", *options, *unlike).code == 0
    assert recommend.args[2] == RecommendationOptions(
        mode="for-you",
        beyond_friends=True,
        radar_share=0.25,
        max_per_artist=2,
        diversity=0.3,
        artist_weight=0,
        language_weight=2,
        features_weight=0.5,
    )
    assert recommend.args[2].reranking == DiversityOptions(2, 0.3, 0, 2, 0.5)


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (("-k", "0"), "cutoff k must be 1..1000, got 0"),
        (("--mode", "loud"), "mode must be one of discovery, for-you, under-the-radar, got 'loud'"),
        (("--radar-share", "1.5"), "radar_share must be a number in 0..1, got 1.5"),
        (("--radar-share", "nan"), "radar_share must be a number in 0..1, got nan"),
        (("--max-per-artist", "0"), "max_per_artist must be 1..1000, got 0"),
        (("--diversity", "-0.1"), "diversity must be a number in 0..1, got -0.1"),
        (("--language-weight", "-1"), "language_weight must be a number in 0..1000000000, got -1.0"),
        (("--similarity", "guess"), "similarity must be one of"),
        (("--shrinkage", "-1"), "shrinkage must be"),
        (("--neighbours", "0"), "neighbours must be"),
        (("--weights", "gold"), "weights must be one of"),
    ],
)
def test_a_refused_value_is_named_with_its_rule(
    run: Any, graph: Any, options: tuple[str, ...], refusal: str
) -> None:
    done = run("recommend", "u7", *options)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: {refusal}")


def test_help_tells_the_defaults_and_choices_of_the_service(run: Any) -> None:
    scoring, options = ScoringOptions(), RecommendationOptions()
    defaults = inspect.signature(recommend.recommend).parameters
    for name in ListOptions.model_fields:
        assert defaults[name].default == getattr(options, name)
    said = " ".join(run("recommend", "--help").out.replace("│", " ").split())
    for kind in (SimilarityKind, WeightKind, Mode):
        *others, last = get_args(kind)
        assert f"{', '.join(others)} or {last}" in said
    for option in (scoring.similarity, f"{scoring.shrinkage:g}", scoring.neighbours, scoring.weights):
        assert f"[default: ({option})]" in said


def test_a_recommendation_is_a_bill(run: Any, graph: Any, provide: Any) -> None:
    provide(
        "muse_graph.service.recommendations.lists",
        recommend=lambda *_, **__: examples.recommendations(),
    )
    lines = run("recommend", "u1").out.splitlines()
    assert lines[0] == "Recommendations for u1  from what friends play, in genres to discover"
    # The reasons' parts stand under the score they add up to; names in brackets are no markup.
    assert [line.split() for line in lines[1:]] == [
        ["track", "score"],
        ["1", "Noite", "[b]", "Duarte", "[fado]", "0.800"],
        ["Ana", "heard", "95", "%", "of", "it,", "twice.", "0.300"],
        ["fado", "is", "new", "to", "you.", "0.500"],
    ]
    assert len({len(line) for line in lines[1:]}) == 1


@pytest.mark.parametrize("mode", get_args(Mode))
def test_each_mode_is_told_in_words(mode: str) -> None:
    console = Console(width=120, file=StringIO(), color_system=None)
    with console.capture() as captured:
        console.print(recommendations_view(Recommendations("u1", mode, [])))
    assert "from what friends play, " in captured.get()


def test_the_ledger_has_one_cap_line(run: Any, graph: Any, provide: Any) -> None:
    provide("muse_graph.service.recommendations.genres", discover_genres=lambda *_, **__: examples.ledger())
    title, head, *rows = run("genres", "u1").out.splitlines()
    assert title == "Genres of u1  cap 10.0 streams, 20 % of the favourite genre"
    at = head.index("▾ cap")
    assert [row[at] for row in rows] == ["│", "│", "│"]
    assert [row.count("█") for row in rows] == [0, 8, 39]
    assert ["resting" in row for row in rows] == [False, True, False]


def test_a_ledger_cut_short_says_what_is_left_out() -> None:
    console = Console(width=120, file=StringIO(), color_system=None)
    with console.capture() as captured:
        console.print(ledger_view(examples.ledger(), most=0))
    assert captured.get().splitlines()[-1].strip() == "and 1 more offered, 1 more resting, 1 more home"


def test_all_users_come_in_the_order_of_their_ids(run: Any, graph: Any, provide: Any, tmp_path: Path) -> None:
    def recommend(_: object, user_id: str, *__: object, **___: object) -> Any:
        if user_id == "u2":
            raise UnknownUser(user_id)
        return examples.recommendations(user_id)

    pages = {"": [{"user_id": "u1"}, {"user_id": "u10"}], "u10": [{"user_id": "u2"}, {"user_id": "u3"}]}
    provide("muse_graph.service.recommendations.lists", recommend=recommend)
    graph.rows["user_ids"] = lambda after, limit: pages.get(after, [])
    provide("muse_graph.service.maintenance.health", summary=lambda _: {"users": 4})
    file = tmp_path / "all.jsonl"
    done = run("recommend", "--all", "--output", str(file))
    assert (done.code, done.out, done.err) == (0, "", f"3 users in {file}\n")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    # u2 was gone by the time it was asked for.
    assert lines == [as_json(examples.recommendations(user_id)) for user_id in ("u1", "u10", "u3")]
    assert run("recommend", "--all").out == file.read_text(encoding="utf-8")


def test_users_side_by_side_have_one_thread_of_linear_algebra_each(
    run: Any, graph: Any, provide: Any
) -> None:
    seen: set[int] = set()

    def recommend(_: object, user_id: str, *__: object, **___: object) -> Any:
        seen.update(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
        return examples.recommendations(user_id)

    provide("muse_graph.service.recommendations.lists", recommend=recommend)
    graph.rows["user_ids"] = lambda after, limit: [] if after else [{"user_id": "u1"}]
    provide("muse_graph.service.maintenance.health", summary=lambda _: {"users": 1})
    with threadpool_limits(2, "blas"):
        assert run("recommend", "--all").code == 0
        after = {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}
    assert (seen, after) == ({1}, {2})


def test_a_file_cut_off_is_not_there(run: Any, graph: Any, provide: Any, tmp_path: Path) -> None:
    def genres(_: object, user_id: str, *__: object, **___: object) -> Any:
        if user_id == "u2":
            raise KeyboardInterrupt
        return examples.ledger(user_id)

    provide("muse_graph.service.recommendations.genres", discover_genres=genres)
    pages = {"": [{"user_id": "u1"}], "u1": [{"user_id": "u2"}]}
    graph.rows["user_ids"] = lambda after, limit: pages.get(after, [])
    provide("muse_graph.service.maintenance.health", summary=lambda _: {"users": 2})
    file = tmp_path / "all.jsonl"
    file.write_text("what was there\n", encoding="utf-8")
    assert run("genres", "--all", "-o", str(file)).code == 130
    assert file.read_text(encoding="utf-8") == "what was there\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_not_there_is_said(run: Any, graph: Any, provide: Any) -> None:
    provide("muse_graph.service.recommendations.lists", recommend=None)
    provide("muse_graph.service.maintenance.health", summary=None)
    done = run("recommend", "--all", "-o", "missing/all.jsonl")
    assert (done.code, done.err) == (
        2,
        "error: --output missing/all.jsonl cannot be written: No such file or directory\n",
    )


def test_artist_shows_reach_and_countries(run: Any, graph: Any, provide: Any) -> None:
    analytics = Asked(lambda *_: examples.analytics())
    provide("muse_graph.service.artists.analytics", analytics=analytics)
    period = ("--from", "2026-01-01", "--to", "2026-01-31")
    countries = ("--country", "PT", "--country", "ZZ")
    done = run("artist", "a1", *countries, "--track", "t1", "--source", "feed", *period)
    filters = AnalyticsFilters(["t1"], ["PT", "ZZ"], ["feed"], [], "2026-01-01", "2026-01-31")
    assert analytics.args == (graph, "a1", filters)
    assert analytics.kwargs == {"beside": None, "exact": True}
    lines = done.out.splitlines()
    assert lines[2] == "1,200 plays by 52 listeners; the share heard is known of 1,000"
    bars = [line for line in lines if "█" in line]
    assert [line.split()[0] for line in bars] == [str(step) for step in range(10, 100, 10)]
    assert [line.count("█") for line in bars] == [40, 36, 32, 28, 24, 20, 16, 12, 8]
    assert "PT  Portugal        900         40  75.0 %        22.5" in done.out
    assert "ZZ  unknown   not shown  not shown" in done.out
    for line in (
        "Duarte  track t1 or t2, in PT, by feed, super listeners",
        "1 track is left out.",
        "12 new listeners, 40 returning",
        "13 listeners have saved what they heard, 25.0 %",
        "compared with 2026-08-01 to 2026-08-31: +50.0 % plays, -13.3 % listeners",
    ):
        assert line in lines
    assert json.loads(run("artist", "a1", "--json").out) == as_json(examples.analytics())


def test_what_an_audience_likes(run: Any, graph: Any, provide: Any) -> None:
    liked = Asked(lambda *_, **__: audience_examples.INTERESTS)
    shared = Asked(lambda *_, **__: audience_examples.OVERLAP)
    provide("muse_graph.service.artists.interests", interests=liked)
    provide("muse_graph.service.artists.overlaps", audience_overlap=shared)
    done = run("interests", "a1", "--country", "co", "--segment", "super", "--from", "2026-01-01", "-k", "5")
    assert liked.args[:3] == (
        graph,
        "a1",
        AnalyticsFilters([], ["CO"], [], ["super"], "2026-01-01", None),
    )
    assert liked.kwargs == {"k": 5, "exact": True}
    out = re.sub(" {3,}", "  ", done.out)
    assert "Los Faroles  420 of 420 listeners, beside everybody: 18,300 listeners" in out
    assert "cumbia  310  73.8 %  21.0 %  3.48×  3.11–3.87" in out
    assert "Río Abajo  Los Mirasoles  60  14.3 %  2.0 %  5.90×  4.60–7.40" in out
    assert "salsa  120  1.90×  1.40×" in out
    assert "unknown   12.0 %  15.0 %" in re.sub(" {4,}", "  ", done.out)
    assert json.loads(run("interests", "a1", "--json").out) == as_json(audience_examples.INTERESTS)
    done = run("interests", "a1", "--overlap", "a5")
    assert (shared.args, shared.kwargs) == ((graph, "a1", "a5"), {"exact": True})
    assert "90 listeners of both; 9.0 % of the listeners of either" in done.out
    assert json.loads(run("interests", "a1", "--overlap", "a5", "--json").out) == as_json(
        audience_examples.OVERLAP
    )


def test_how_an_artist_spread(run: Any, graph: Any, provide: Any) -> None:
    spread = Asked(lambda *_, **__: audience_examples.SPREAD)
    provide("muse_graph.service.artists.spread", artist_spread=spread)
    done = run("spread", "a1", "--window", "14", "--track", "t1", "--source", "feed")
    assert spread.args == (graph, "a1", AnalyticsFilters(["t1"], [], ["feed"], [], None, None))
    assert spread.kwargs == {"window": 14, "exact": True}
    out = re.sub(" {3,}", "  ", done.out)
    assert "Los Faroles  410 of 420 listeners followed" in out
    assert "90 came through a friend (22.0 %), 320 by themselves; no first day is known of < 10" in out
    assert "R = 0.220 over 410 listeners; with shuffled times 0.150 (0.120–0.180), p = 0.005" in out
    assert "Colombia  Mexico  20" in out
    assert json.loads(run("spread", "a1", "--json").out) == as_json(audience_examples.SPREAD)


def test_influencers_of_an_artist_or_of_a_country_and_genre(run: Any, graph: Any, provide: Any) -> None:
    of_artist, of_genre = (Asked(lambda *_, **__: [examples.match()]) for _ in range(2))
    provide(
        "muse_graph.service.artists.influencers", artist_influencers=of_artist, match_influencers=of_genre
    )
    done = run("influencers", "--country", "PT", "--genre", "fado", "-k", "5")
    assert of_genre.kwargs == {"country": "PT", "genre_id": "fado", "k": 5}
    assert "@fado.daily" in done.out
    assert "1,500.0" in done.out
    done = run("influencers", "a1", "--sort", "fit", "--json")
    assert of_artist.args[:2] == (graph, "a1")
    assert of_artist.kwargs == {"country": None, "genre_id": None, "k": 20, "sort": "fit", "exact": True}
    assert json.loads(done.out) == [as_json(examples.match())]
    # Not the default: the service says what is wrong with it.
    run("influencers", "a1", "-k", "0")
    assert of_artist.kwargs["k"] == 0


def test_influencers_chosen_together(run: Any, graph: Any, provide: Any) -> None:
    chosen = Asked(lambda *_, **__: examples.influencer_set())
    provide("muse_graph.service.artists.influencer_sets", influencers_together=chosen, Price=Price)
    done = run("influencers", "a1", "--together", "-k", "3", "--cost-per-1000", "10", "--budget", "900")
    assert (chosen.args, chosen.kwargs) == (
        (graph, "a1"),
        {"country": None, "genre_id": None, "k": 3, "price": Price(10, 0, 900), "exact": True},
    )
    assert "Influencers for Duarte  1,120 listeners added together" in done.out
    assert "@fado.daily  PT  810  1,120  < 10" in re.sub(" {3,}", "  ", done.out)
    assert "those with the most likes would add 800, +40 % by choosing together" in done.out
    assert "cost 810; of those by likes 900" in done.out
    assert "left out: 3 whose followers are not known" in done.out
    assert "left out: 1 whose cost is not known" in done.out
    assert json.loads(run("influencers", "a1", "--together", "--json").out) == as_json(
        examples.influencer_set()
    )
    assert (chosen.kwargs["k"], chosen.kwargs["price"]) == (5, None)


def test_whom_a_user_follows(run: Any, graph: Any, provide: Any) -> None:
    followed, unfollowed = (Asked(lambda *_, **__: None) for _ in range(2))
    listed = Asked(lambda *_, **__: Page([Follow("i1", "@fado.daily", None)], "x"))
    provide("muse_graph.service.users.follows", follow=followed, unfollow=unfollowed, list_follows=listed)
    assert run("follow", "u1", "i1").out == "followed\n"
    assert followed.args[:3] == (graph, "u1", "i1")
    assert run("unfollow", "u1", "i1").out == "not followed\n"
    assert unfollowed.args == (graph, "u1", "i1")
    done = run("follows", "u1", "-k", "7")
    assert (listed.args, listed.kwargs) == ((graph, "u1"), {"limit": 7, "cursor": None})
    assert "@fado.daily" in done.out
    assert "--cursor x" in done.err


@dataclass(frozen=True)
class Finding:
    check: str
    count: int
    example: str
    repaired: bool
    rule: str
    severity: str
    remedy: str = "what to do"


@pytest.mark.parametrize(
    ("finding", "code"),
    [
        (Finding("plays of tracks", 2, "t1", False, "plays add up", "error"), 1),
        (Finding("plays of tracks", 2, "t1", True, "plays add up", "error"), 0),
        (Finding("plays of tracks", 2, "t1", False, "plays add up", "note"), 0),
    ],
)
def test_doctor_fails_while_something_is_wrong(
    run: Any, graph: Any, provide: Any, finding: Finding, code: int
) -> None:
    provide("muse_graph.service.maintenance.doctor", examine=lambda _, repair: [finding])
    done = run("doctor", "--json")
    assert done.code == code
    assert json.loads(done.out) == [
        {
            "check": finding.check,
            "count": finding.count,
            "example": finding.example,
            "repaired": finding.repaired,
            "rule": finding.rule,
            "severity": finding.severity,
            "remedy": finding.remedy,
        }
    ]
    shown = run("doctor")
    assert "plays of tracks" in shown.out
    assert "plays of tracks: what to do\n" in shown.err
    assert ("no promise is broken" in shown.err) == (code == 0)


def test_doctor_has_a_word_for_a_healthy_graph(run: Any, graph: Any, provide: Any) -> None:
    provide("muse_graph.service.maintenance.doctor", examine=lambda _, repair: [])
    assert run("doctor").code == 0
