"""Influencers chosen together for an artist: as many new listeners as possible, nobody counted twice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muse_graph.answers import InfluencerSet, PlainSet, SetMember
from muse_graph.core.artists.coverage import Audiences, affordable_set, audiences, best_set
from muse_graph.core.types import BoolArray, FloatArray
from muse_graph.errors import invalid
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.candidates import Candidates, read_candidates
from muse_graph.service.artists.everybody import Everybody
from muse_graph.service.artists.shown_counts import LEAST, shown_count
from muse_graph.service.field_kinds import BEYOND

__all__ = ["MAX_TOGETHER", "Price", "best_together", "check_together", "influencers_together"]

#: Most influencers of a set.
MAX_TOGETHER = 50
_LEAST_COST = 1e-9


@dataclass(frozen=True)
class Price:
    """What influencers cost, and what may be spent: a post is paid by followers, often with a minimum.

    Attributes:
        per_1000: cost for 1,000 followers
        minimum: the least that each costs
        budget: most for all together; None without a limit

    Raises:
        InvalidRequest: For a value below 0 or beyond all numbers, or a budget of 0.
    """

    per_1000: float
    minimum: float = 0.0
    budget: float | None = None

    def __post_init__(self) -> None:
        for field, value in (("cost_per_1000", self.per_1000), ("minimum_cost", self.minimum)):
            if not 0 <= value < BEYOND:
                raise invalid(field, f"must be a number of at least 0 and below {BEYOND:,}", value)
        if self.budget is not None and not 0 < self.budget < BEYOND:
            raise invalid("budget", f"must be a number above 0 and below {BEYOND:,}", self.budget)

    def of(self, followers: FloatArray) -> FloatArray:
        """(n,) cost of each, to two places; NaN where followers are not known."""
        return np.asarray(np.round(np.maximum(followers / 1000 * self.per_1000, self.minimum), 2), np.float64)


def influencers_together(
    graph: Graph,
    artist_id: str,
    *,
    country: str | None = None,
    genre_id: str | None = None,
    k: int = 5,
    price: Price | None = None,
    exact: bool = False,
) -> InfluencerSet:
    """Choose at most k influencers who together add the most listeners to an artist; two round trips.

    Whom an influencer adds follows the influencer, is a user here, and has not heard the artist. Only
    influencers with known followers are chosen from; with a price, only those whose cost is known.

    Args:
        country, genre_id: only influencers based there, or who post in it
        exact: for operators; else counts are in tens, and everyone in the set adds at least ten

    Raises:
        UnknownArtist: If no artist has that id.
        UnknownGenre: If no genre has that id.
        InvalidRequest: For a country or k out of range.
    """
    check_together(k)
    # Whom they fit, for which figures of everybody are read, does not matter here.
    found = read_candidates(graph, artist_id, Everybody(), country, genre_id, exact=exact)
    return best_together(found, k, price)


def check_together(k: int) -> None:
    """Raise InvalidRequest for a number of influencers that no set has."""
    if not 1 <= k <= MAX_TOGETHER:
        raise invalid("k", f"must be 1..{MAX_TOGETHER}", k)


def best_together(found: Candidates, k: int, price: Price | None) -> InfluencerSet:
    """As `influencers_together`, of candidates that have been read."""
    exact, known = found.exact, found.reach.known
    cost = np.full(len(known), np.nan) if price is None else price.of(found.followers)
    usable = known if price is None else known & ~np.isnan(cost)
    # Unless exact, who adds fewer than ten is left out: that the set goes on or ends would tell whether they
    # add any.
    members = _adding(found, _choose(found, usable, k, cost, price), 0 if exact else LEAST)
    chosen = [one for one, _ in members]
    plain = _plain(found, usable, k, cost, price)
    shown, shown_plain = (
        shown_count(sum(adds for _, adds in some), exact=exact)
        for some in (members, _adding(found, plain, 0))
    )
    return InfluencerSet(
        artist_id=found.artist_id,
        name=found.name,
        k=k,
        country=found.country,
        genre=found.genre_id,
        budget=price.budget if price else None,
        items=_members(found, members, cost),
        total=shown,
        cost=_cost(cost, chosen, price),
        plain=PlainSet(
            [found.rows[one].influencer_id for one in plain], shown_plain, _cost(cost, plain, price)
        ),
        gain=shown.count / shown_plain.count - 1 if shown.count and shown_plain.count else None,
        not_known=int(np.sum(~known)),
        not_priced=int(np.sum(known & ~usable)),
    )


def _choose(found: Candidates, usable: BoolArray, k: int, cost: FloatArray, price: Price | None) -> list[int]:
    """Positions of the influencers chosen, in their order."""
    if price is None or price.budget is None:
        return list(best_set(_audiences(found, usable), k).influencers.tolist())
    return _within(_audiences(found, usable & (cost <= price.budget)), k, cost, price.budget)


def _within(reached: Audiences, k: int, cost: FloatArray, budget: float) -> list[int]:
    """The best for a budget of three: the most listeners, if it can be paid; the most for the cost; one."""
    # Nobody is free, and who cannot be chosen brings nobody: any cost will do.
    costs = np.maximum(np.nan_to_num(cost), _LEAST_COST)
    most = best_set(reached, k)
    sets = [affordable_set(reached, costs, budget), best_set(reached, 1)]
    if costs[most.influencers].sum() <= budget:
        sets.append(most)
    return list(max(sets, key=lambda one: one.gains[:k].sum()).influencers[:k].tolist())


def _plain(found: Candidates, usable: BoolArray, k: int, cost: FloatArray, price: Price | None) -> list[int]:
    """Those with the most likes, one after the other while the budget lasts."""
    likes = np.where(usable, np.nan_to_num(found.likes), -1.0)
    left = math.inf if price is None or price.budget is None else price.budget
    taken: list[int] = []
    for one in np.argsort(-likes, kind="stable").tolist():
        if len(taken) == k or not usable[one]:
            break
        if price is None or cost[one] <= left:
            taken.append(one)
            left -= 0.0 if price is None else float(cost[one])
    return taken


def _audiences(found: Candidates, usable: BoolArray) -> Audiences:
    """Followers of those that may be chosen; who has heard the artist weighs nothing."""
    influencer, key = found.pairs
    keep = usable[influencer]
    keys, listener = np.unique(key[keep], return_inverse=True)
    weights = np.where(np.isin(keys, found.listeners), 0.0, 1.0)
    return audiences(influencer[keep], listener, len(usable), weights)


def _adding(found: Candidates, order: Sequence[int], least: int) -> list[tuple[int, int]]:
    """Influencers and how many listeners each adds to those before; who adds fewer than that is left out."""
    reached, members = set(found.listeners.tolist()), list[tuple[int, int]]()
    for one in order:
        new = set(found.rows[one].keys) - reached
        if len(new) >= least:
            members.append((one, len(new)))
            reached |= new
    return members


def _members(found: Candidates, members: list[tuple[int, int]], cost: FloatArray) -> list[SetMember]:
    return [
        SetMember(
            rank=rank,
            influencer_id=found.rows[one].influencer_id,
            handle=found.rows[one].handle,
            country=found.rows[one].country,
            avg_likes=found.rows[one].avg_likes,
            followers=found.rows[one].followers,
            cost=None if np.isnan(cost[one]) else float(cost[one]),
            alone=shown_count(int(found.reach.new[one]), exact=found.exact),
            adds=shown_count(adds, exact=found.exact),
        )
        for rank, (one, adds) in enumerate(members, 1)
    ]


def _cost(cost: FloatArray, chosen: list[int], price: Price | None) -> float | None:
    return None if price is None else float(cost[chosen].sum())
