// Tracks by key with their artists, plays of these, and genres: what a list of tracks shows of each.
// mode: read
// params: keys: list
// returns: tracks: list, radar_plays: int?
/* :params {keys: [1, 2]} */
RETURN COLLECT {
         UNWIND $keys AS key
         MATCH (t:Track {key: key})
         RETURN [
           t.key, t.track_id, t.title, t.language, t.features,
           COLLECT { MATCH (t)-[:BY]->(a) RETURN [a.artist_id, a.name, a.plays] },
           COLLECT { MATCH (t)-[r:IN_GENRE]->(g) RETURN [r.rank, g.genre_id, g.name, g.key] }
         ]
       } AS tracks,
       head(COLLECT { MATCH (s:Statistics {name: 'statistics'}) RETURN s.radar_plays }) AS radar_plays
