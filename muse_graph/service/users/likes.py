"""Genres that a user likes: each counts as one stream of it."""

from __future__ import annotations

from collections.abc import Collection

from muse_graph.errors import UnknownGenre, UnknownUser
from muse_graph.graph.connection import Graph, Transaction
from muse_graph.service.listens.refresh import acquire_write_lock, theta_params

__all__ = ["like_genres", "liked_genres"]


def like_genres(graph: Graph, user_id: str, genre_ids: Collection[str], *, theta: float) -> None:
    """Record that a user likes genres; those liked before stay as they are.

    A genre that friends play enters the discovery pool first, while it is still below the cap.

    Args:
        theta: share of the favourite genre at which a genre rests

    Raises:
        UnknownUser: If no user has that id.
        UnknownGenre: For the first id that no genre has.
    """
    wanted = sorted(set(genre_ids))

    def work(transaction: Transaction) -> None:
        acquire_write_lock(transaction, [user_id])
        if not transaction.run("known_users", ids=[user_id]):
            raise UnknownUser(user_id)
        known = {row["id"] for row in transaction.run("known_genres", ids=wanted)}
        if unknown := [genre for genre in wanted if genre not in known]:
            raise UnknownGenre(unknown[0])
        pools = [{"user_id": user_id, "genre_ids": wanted}]
        transaction.run("enter_discovery", rows=pools, **theta_params(theta))
        rows = [{"user_id": user_id, "genre_id": genre_id} for genre_id in wanted]
        transaction.run("merge_likes", rows=rows)

    if wanted:
        graph.transact(work)


def liked_genres(graph: Graph, user_id: str) -> list[str]:
    """Ids of the genres that a user likes, in their order."""
    return [row["id"] for row in graph.read("liked_genres", user_id=user_id)]
