// Delete all but one of the relationships of a track to an artist or a genre, keeping that of the highest rank.
// mode: write
// params: rows: list
// rows: track_id: str
/* :params {rows: [{track_id: 't1'}]} */
UNWIND $rows AS row
WITH DISTINCT row.track_id AS track_id
MATCH (t:Track {track_id: track_id})
SET t._lock = true
REMOVE t._lock
WITH t
MATCH (t)-[r:BY|IN_GENRE]->(other)
WITH t, r, other ORDER BY r.rank
WITH t, other, type(r) AS kind, collect(r)[1..] AS spare
FOREACH (one IN spare | DELETE one)
