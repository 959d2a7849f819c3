// Tracks with their artists, genres and counters, in the order of the given ids.
// mode: read
// params: ids: [str]
// returns: track_id: str, title: str, artists: [{id: str, name: str}], genres: [{id: str, name: str}],
//   plays: int, listeners: int, duration_s: float?, language: str?, mbid: str?, isrc: str?
/* :params {ids: ['t1', 't2']} */
UNWIND range(0, size($ids) - 1) AS position
MATCH (t:Track {track_id: $ids[position]})
RETURN t.track_id AS track_id, t.title AS title,
       COLLECT { MATCH (t)-[:BY]->(a:Artist) RETURN {id: a.artist_id, name: a.name} ORDER BY a.artist_id } AS artists,
       COLLECT { MATCH (t)-[r:IN_GENRE]->(g:Genre) RETURN {id: g.genre_id, name: g.name} ORDER BY r.rank, g.genre_id } AS genres,
       t.plays AS plays, t.listeners AS listeners, t.duration_s AS duration_s,
       t.language AS language, t.mbid AS mbid, t.isrc AS isrc
ORDER BY position
