"""The graph as networkx: what is asked in Cypher, answered by walking over the tables' rows."""

from __future__ import annotations

from typing import Any

import networkx as nx

__all__ = ["friend_genres", "friends_of_friends", "genre_matches", "network", "streams"]

Rows = dict[str, list[dict[str, Any]]]
Network = nx.MultiDiGraph


def network(tables: Rows) -> Network:
    """Users, tracks, artists, genres, countries and influencers, with one edge for each row that says so."""
    graph = nx.MultiDiGraph()
    homes = {user["user_id"]: user["country"] for user in tables["users"]}
    for user_id in homes:
        graph.add_node(user_id)
    for row in tables["friendships"]:
        graph.add_edge(row["user_id"], row["friend_id"], "friend")
        graph.add_edge(row["friend_id"], row["user_id"], "friend")
    for row in tables["artists"]:
        graph.add_node(row["artist_id"])
    for row in tables["tracks"]:
        graph.add_edges_from((row["track_id"], artist, "by") for artist in row["artist_ids"])
        graph.add_edges_from((row["track_id"], genre, "in") for genre in row["genre_ids"])
    for row in tables["listens"]:
        country = row["country"] or homes[row["user_id"]] or "ZZ"
        graph.add_edge(row["user_id"], row["track_id"], row["listen_id"], plays=row["plays"], country=country)
    for row in tables["likes"]:
        graph.add_edge(row["user_id"], row["genre_id"], "likes")
    for row in tables["influencers"]:
        _add_influencer(graph, row)
    return graph


def _add_influencer(graph: Network, row: dict[str, Any]) -> None:
    graph.add_node(row["influencer_id"], likes=row["avg_likes"] or 0.0)
    graph.add_edge(row["influencer_id"], row["country"], "based")
    graph.add_edges_from((row["influencer_id"], genre, "posts") for genre in row["genre_ids"])
    for entry in row["audience"]:
        code, _, share = entry.partition(":")
        graph.add_edge(row["influencer_id"], code, "reaches", share=float(share) if share else None)


def _follow(graph: Network, node: str, kind: str) -> set[str]:
    """Where edges of a kind lead."""
    return {to for _, to, key in graph.out_edges(node, keys=True) if key == kind}


def _lead(graph: Network, node: str, kind: str) -> set[str]:
    """Where edges of a kind come from."""
    return {origin for origin, _, key in graph.in_edges(node, keys=True) if key == kind}


def streams(graph: Network, user_id: str) -> dict[str, int]:
    """Streams of each genre: plays of its tracks, and one for a like."""
    counted = dict.fromkeys(sorted(_follow(graph, user_id, "likes")), 1)
    for _, track, play in graph.out_edges(user_id, data=True):
        for genre in _follow(graph, track, "in") if "plays" in play else ():
            counted[genre] = counted.get(genre, 0) + play["plays"]
    return counted


def friend_genres(graph: Network, user_id: str) -> dict[str, int]:
    """Genres that friends have streams of, and how many friends have."""
    counted: dict[str, int] = {}
    for friend in _follow(graph, user_id, "friend"):
        for genre in streams(graph, friend):
            counted[genre] = counted.get(genre, 0) + 1
    return counted


def friends_of_friends(graph: Network, user_id: str) -> list[tuple[str, int]]:
    """(user, friends in common) of those two steps away who have listened, most in common first."""
    friends = _follow(graph, user_id, "friend")
    strangers = set(graph.nodes) - friends - {user_id}
    in_common = [(one, len(friends & _follow(graph, one, "friend"))) for one in strangers]
    found = [
        (one, n)
        for one, n in in_common
        if n and any("plays" in play for *_, play in graph.out_edges(one, data=True))
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def genre_matches(graph: Network, country: str, genre_id: str) -> list[tuple[str, float]]:
    """(influencer, average likes) of those based in a country who post in a genre, most likes first."""
    found = _lead(graph, country, "based") & _lead(graph, genre_id, "posts")
    return _ranked({one: graph.nodes[one]["likes"] for one in found})


def _ranked(scores: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
