// An artist with the tracks that have the most listeners, and the genres of each; no row without the artist.
// mode: read
// params: artist_id: str, limit: int
// returns: name: str, country: str?, n_tracks: int, tracks: [track_id: str, title: str, genres: [genre_id: str, name: str]]
/* :params {artist_id: 'a1', limit: 200} */
MATCH (a:Artist {artist_id: $artist_id})
RETURN a.name AS name,
       head(COLLECT { MATCH (a)-[:BASED_IN]->(c:Country) RETURN c.code ORDER BY c.code }) AS country,
       COUNT { (a)<-[:BY]-(:Track) } AS n_tracks,
       COLLECT {
         MATCH (a)<-[:BY]-(t:Track)
         WITH t ORDER BY t.listeners DESC, t.track_id LIMIT $limit
         RETURN [t.track_id, t.title, COLLECT {
           MATCH (t)-[r:IN_GENRE]->(g:Genre) RETURN [g.genre_id, g.name] ORDER BY r.rank, g.genre_id
         }] AS track
         ORDER BY t.listeners DESC, t.track_id
       } AS tracks
