// Artists and genres of tracks, in their order.
// mode: read
// params: track_ids: [str]
// returns: track_id: str, key: int, artist_ids: [str], genre_ids: [str]
/* :params {track_ids: ['t1', 't2']} */
UNWIND $track_ids AS wanted
MATCH (t:Track {track_id: wanted})
RETURN t.track_id AS track_id, t.key AS key,
       COLLECT { MATCH (t)-[:BY]->(a:Artist) RETURN a.artist_id ORDER BY a.artist_id } AS artist_ids,
       COLLECT { MATCH (t)-[r:IN_GENRE]->(g:Genre) RETURN g.genre_id ORDER BY r.rank, g.genre_id } AS genre_ids
ORDER BY track_id
