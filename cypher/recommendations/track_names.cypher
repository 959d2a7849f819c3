// Tracks by key, with what a list shows of each: title, artists and their plays, genres.
// mode: read
// params: keys: [int]
// returns: tracks: [key: int, track_id: str, title: str, language: str?, features: [float]?,
//   artists: [artist_id: str, name: str, plays: int], genres: [rank: int, genre_id: str, name: str, key: int]],
//   radar_plays: int?
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
