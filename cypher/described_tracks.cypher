// The best of some scored tracks that a listener does not know, with artists and genres.
// mode: read
// params: user_id: str, scored: list, radar_weight: float, look_up: bool, k: int
// returns: tracks: list
/* :params {user_id: 'u1', scored: [[1, 0.5], [2, 0.4]], radar_weight: 0.05, look_up: true, k: 20} */
MATCH (u:User {user_id: $user_id})
OPTIONAL MATCH (c:Catalogue {name: 'catalogue'})
WITH u, coalesce(c.radar_plays, -1) AS radar_plays
RETURN COLLECT {
         UNWIND $scored AS entry
         MATCH (t:Track {key: entry[0]})
         WITH t, entry[1] AS score, COLLECT { MATCH (t)-[:BY]->(a) RETURN a.plays } AS by
         WITH t, score, size(by) > 0 AND all(plays IN by WHERE plays <= radar_plays) AS under_radar
         ORDER BY score + CASE WHEN under_radar THEN $radar_weight ELSE 0.0 END DESC, t.key
         WHERE NOT $look_up OR NOT EXISTS { (u)-[:LISTENED|SAVED|DISCARDED]->(t) }
         WITH t, under_radar LIMIT $k
         RETURN [
           t.key, t.track_id, t.title, under_radar,
           COLLECT { MATCH (t)-[:BY]->(a) RETURN [a.artist_id, a.name] },
           COLLECT { MATCH (t)-[r:IN_GENRE]->(g) RETURN [r.rank, g.genre_id, g.name, g.key] }
         ]
       } AS tracks
