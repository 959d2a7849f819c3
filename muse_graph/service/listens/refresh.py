"""What is derived from many rows at once and brought up to date when a load is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from muse_graph.core.discovery.twenty_percent_rule import theta_fraction
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.service.pagination import each_id_page

__all__ = [
    "TOP_SHARE",
    "acquire_write_lock",
    "every_genre_of",
    "how_to_finish",
    "refresh_discovery",
    "refresh_radar",
    "theta_params",
    "unfinished",
]

#: An artist is under the radar outside this share of the most played.
TOP_SHARE = 0.2


def refresh_radar(graph: Graph) -> None:
    """Remember how much an artist under the radar is played at most."""
    graph.write("refresh_radar", top_share=TOP_SHARE)


def refresh_discovery(graph: Graph, theta: float, advance: Callable[[int], object] = int) -> None:
    """Let every genre that qualifies enter the pool of every user.

    Args:
        theta: share of the favourite genre at which a genre rests
        advance: called with the number of users done
    """
    for page in each_id_page(graph, "user_ids"):
        graph.write("enter_discovery", rows=every_genre_of(page), **theta_params(theta))
        advance(len(page))


def every_genre_of(user_ids: Iterable[str]) -> list[Row]:
    """Return the rows of `enter_discovery` that try every genre with these users."""
    return [{"user_id": user_id, "genre_ids": None} for user_id in user_ids]


def theta_params(theta: float) -> dict[str, int]:
    """Return theta as queries take it, two whole numbers, for they compare without rounding.

    Raises:
        InvalidRequest: For theta out of (0, 1].
    """
    share = theta_fraction(theta)
    return {"theta_num": share.numerator, "theta_den": share.denominator}


def acquire_write_lock(transaction: Transaction, user_ids: Iterable[str] = ()) -> None:
    """Wait until no other transaction writes listens or what is derived from them, then lock users."""
    transaction.run("acquire_write_lock", name="listens", user_ids=sorted(user_ids))


def unfinished(graph: Graph) -> dict[str, str]:
    """Run and command of loads that are not over: each is running, or was interrupted amid its rows."""
    return {row["run"]: row["command"] for row in graph.read("unfinished_imports")}


def how_to_finish(commands: Iterable[str]) -> str:
    """A sentence about unfinished loads, and what to do."""
    named = ", ".join(f"`muse-graph {command}`" for command in sorted(set(commands)))
    return (
        f"{named} was interrupted: run it again to load the rest, "
        "or `muse-graph doctor --repair` to go on with what is there"
    )
