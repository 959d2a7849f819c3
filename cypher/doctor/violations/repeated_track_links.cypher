// Artists and genres that a track has twice.
// mode: read
// params: ids: [str]
// returns: check: str, track_id: str, kind: str, other: str
/* :params {ids: ['t1']} */
UNWIND $ids AS wanted
MATCH (t:Track {track_id: wanted})-[r:BY|IN_GENRE]->(other)
WITH t, other, type(r) AS kind, count(r) AS links WHERE links > 1
RETURN 'track links once' AS check, t.track_id AS track_id, kind, coalesce(other.artist_id, other.genre_id) AS other
ORDER BY track_id, kind, other
