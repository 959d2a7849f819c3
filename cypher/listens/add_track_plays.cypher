// Add plays to tracks and to their artists.
// mode: write
// params: rows: list
// rows: track_id: str, plays: int
/* :params {rows: [{track_id: 't1', plays: 1}]} */
UNWIND $rows AS row
MATCH (t:Track {track_id: row.track_id})
// A sum of its own property would hold the node's links before the node, and others hold the node first.
REMOVE t._lock
SET t.plays = t.plays + row.plays
WITH t, row
MATCH (t)-[:BY]->(a:Artist)
WITH a, sum(row.plays) AS plays
SET a.plays = a.plays + plays
