// Tracks by key with artists and genres, and whether a listener knows them already.
// mode: read
// params: user_id: str, keys: list
// returns: key: int, track_id: str, title: str, artists: list, genres: list, under_radar: bool, known: bool
/* :params {user_id: 'u1', keys: [1, 2]} */
MATCH (u:User {user_id: $user_id})
OPTIONAL MATCH (c:Catalogue {name: 'catalogue'})
UNWIND $keys AS wanted
MATCH (t:Track {key: wanted})
WITH u, c, t, COLLECT { MATCH (t)-[:BY]->(a:Artist) RETURN [a.artist_id, a.name, a.plays] ORDER BY a.artist_id } AS by
RETURN t.key AS key, t.track_id AS track_id, t.title AS title,
       [artist IN by | artist[0..2]] AS artists,
       COLLECT { MATCH (t)-[r:IN_GENRE]->(g:Genre) RETURN [g.genre_id, g.name] ORDER BY r.rank, g.genre_id } AS genres,
       size(by) > 0 AND all(artist IN by WHERE artist[2] <= coalesce(c.radar_plays, -1)) AS under_radar,
       EXISTS { (u)-[:LISTENED|SAVED|DISCARDED]->(t) } AS known
ORDER BY track_id
