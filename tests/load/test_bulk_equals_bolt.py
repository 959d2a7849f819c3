"""The importer and the write path give the same graph, the same counts and the same rejects."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import REASONS, Rejects
from muse_graph.loaders.sources.tables import read_tables
from tests.conftest import toy_batches
from tests.graph_dump import dump
from tests.load.conftest import Batches, connected, load_in_bulk, load_over_bolt
from tests.worlds.sample import corner

#: Tables in which many a row has something the matter with it.
HOSTILE = {
    "genres": "genre_id,name\npolka,Polka\npolka,Polka again\njoropo,\n,No id\n",
    "artists": "artist_id,name,country\nb1,Las Estrellas,CO\nb2,Granite,\nb3,Nowhere,XX\nb1,Again,PT\n",
    "tracks": "track_id,title,artist_ids,genre_ids,duration_s,features\n"
    "s1,Luna,b1,polka|polka|rai,200,0.1|-2|1e-7\n"
    "s2,No genre,b2,,,\n"
    "s3,By nobody,b9,polka,,1|2|3\n"
    's4,"Two lines, ""quoted""\nand a comma",b1|b2|b1,joropo,1,\n'
    's5,"Say ""so"", a;b",b1|b2,unnamed|joropo,10.5,-0.0|123456789.12345679|5e-324\n'
    "s6,Never heard,b2,joropo,,\n"
    "s7,Too many features,b2,joropo,,1|2|3|4\n"
    "s8,By nobody yet,b9,joropo,,\ns8,By one,b2,joropo,,\ns8,Again,b1,joropo,,\n",
    "users": "user_id,name,country\nx1,Ana,CO\nx2,,\nx3,Cleo,PT\nx4,Dov,??\nx1,Again,JP\nx5,Eva,JP\n"
    "🎺1,Луна,\nＢ1,,\n",
    "friendships": "user_id,friend_id,since\n"
    "x1,x2,2026-01-01T00:00:00Z\nx2,x1,2026-02-01T00:00:00Z\nx3,x1,\nx1,x1,\nx1,x9,\nx9,x1,\nx9,x1,\nx2,x5,\n"
    "Ｂ1,🎺1,\n🎺1,Ｂ1,\n",
    "likes": "user_id,genre_id\nx1,polka\nx1,polka\nx2,only liked\nx9,polka\nx5,joropo\nx9,liked by nobody\n",
    "tags": "user_id,artist_id,tag\nx1,b1,Late Night\nx1,b1,late night\nx1,b9,x\nx9,b1,x\nx2,b2,\n",
    "listens": "listen_id,user_id,track_id,listened_at,heard,plays,country,source,heard_at_least\n"
    "m1,x1,s1,2026-01-31T23:59:59.999Z,0.333333,1,,app\n"
    "m1,x1,s1,2026-01-31T23:59:59.999Z,0.333333,1,,app\n"
    "m1,x1,s1,2026-01-31T23:59:59.999Z,0.4,1,,app\n"
    "m2,x1,s1,2026-02-01T00:00:00+02:00,1,1,PT,\n"
    "m3,x2,s2,,,7,,\n"
    "m4,x2,s2,,0.1,3,,radio\n"
    "m5,x9,s1,2026-01-01T00:00:00Z,,1,,\n"
    "m6,x1,s9,2026-01-01T00:00:00Z,,1,,\n"
    "m7,x9,s9,2026-01-01T00:00:00Z,,1,,\n"
    "m5,x3,s5,2026-01-01T00:00:00Z,0.5,1,,\n"
    ",x3,s5,2026-03-01T00:00:00Z,0.9,,,\n"
    ",x3,s5,2026-03-01T00:00:00Z,0.9,,,\n"
    "m8,x5,s1,2026-03-01,1.5,1,,\n"
    "m9,x5,s1,yesterday,,1,,\n"
    "m10,x5,s1,2026-03-01T10:00:00Z,0.9,5,,\n"
    "m11,x5,s1,2026-03-01T10:00:00Z,0.95,1,,\n"
    "m12,x5,s1,1999-12-31T23:59:59Z,,1,,\n"
    "m13,x2,s8,,1,60000000,,\nm14,x2,s8,,1,6e7,,\nm14,x2,s8,,1,40000000.0,,\nm15,x2,s8,,0,1,,\n"
    "m16,x5,s8,,-0.0,1,,\nm17,x5,s8,,1,100000001,,\n"
    "m18,x5,s2,2026-01-05T10:00:00Z,,1,PT,feed,0.3\n"
    "m18,x5,s2,2026-01-05T10:00:00Z,,1,PT,search,0.3\n"
    "m18,x5,s2,2026-01-05T10:00:00Z,,1,PT,feed,0.2\n"
    "m18,x5,s2,2026-01-05T10:00:00Z,0.3,1,PT,feed,\n"
    "m19,x5,s2,2026-01-05T10:00:00Z,0.3,1,PT,feed,0.3\nm20,x5,s2,2026-01-05T10:00:00Z,,1,PT,feed,-0.1\n"
    "m21,x5,s2,2026-01-05T11:00:00Z,,1,PT,,-0.0\nm22,x5,s2,2026-01-05T11:00:00Z,0.3,1,PT,feed,\n",
    "feedback": "user_id,track_id,action,at\n"
    "x1,s1,save,2026-01-02T00:00:00Z\n"
    "x1,s1,discard,2026-01-01T00:00:00Z\n"
    "x2,s1,save,2026-01-01T00:00:00Z\n"
    "x2,s1,discard,2026-01-03T00:00:00Z\n"
    "x2,s1,save,2026-01-02T00:00:00Z\n"
    "x3,s1,save,2026-01-01T00:00:00Z\n"
    "x3,s1,discard,2026-01-01T00:00:00Z\n"
    "x3,s1,save,2026-01-01T00:00:00Z\n"
    "x9,s1,save,2026-01-01T00:00:00Z\n"
    "x1,s9,save,2026-01-01T00:00:00Z\n"
    "x1,s2,shout,2026-01-01T00:00:00Z\n",
    "influencers": "influencer_id,handle,country,genre_ids,avg_likes,followers,audience\n"
    "j1,@luz,CO,polka|joropo|polka,1200,50000,CO:0.8|PT:0.1|CO:0.7\n"
    "j2,@rui,PT,only posted,900.5,,PT\n"
    "j1,@again,JP,joropo,1,,\n"
    "j3,@bad,JP,joropo,-1,,\n",
    "follows": "user_id,influencer_id,since\n"
    "x1,j1,2026-01-02T00:00:00Z\nx1,j1,2026-01-01T00:00:00Z\nx2,j1,\nx2,j2,never\nx2,j3,\nx9,j1,\nx2,,\n",
}

Make = Callable[[Rejects], Batches]


def hostile_and_toy(folder: Path) -> Make:
    """The hostile files, then the toy tables, none of whose ids the files have."""
    for table, text in HOSTILE.items():
        (folder / f"{table}.csv").write_text(text, "utf-8")
    return lambda rejects: chain(read_tables(folder, rejects), counted(toy_batches(), rejects))


def synthetic_world(_folder: Path) -> Make:
    return lambda rejects: counted(corner(200, seed=3), rejects)


def counted(batches: Batches, rejects: Rejects) -> Batches:
    """Count rows that come from no file as read."""
    for table, batch in batches:
        rejects.tally[table].read += batch.num_rows
        yield table, batch


@pytest.mark.parametrize("source", [hostile_and_toy, synthetic_world])
def test_both_ways_give_the_same_graph(
    source: Callable[[Path], Make], empty_graph: Graph, home: Settings, tmp_path: Path
) -> None:
    make = source(tmp_path)
    tallies = load_over_bolt(empty_graph, make, tmp_path / "bolt")
    assert load_in_bulk(home, make, tmp_path / "bulk") == tallies
    assert rejected(tmp_path / "bulk") == rejected(tmp_path / "bolt")
    for tally in tallies.values():
        tally.check()
    with connected(home) as imported:
        assert dump(imported) == dump(empty_graph)
        again = load_over_bolt(imported, make)
    assert {table: tally.loaded for table, tally in again.items() if tally.loaded} == {}


def rejected(path: Path) -> Counter[tuple[str, ...]]:
    """The lines of the reasons, in whatever order."""
    if not path.exists():
        return Counter()
    with (path / REASONS).open(newline="", encoding="utf-8") as file:
        return Counter(map(tuple, csv.reader(file)))
