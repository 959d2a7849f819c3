// Tracks and genres by key, with their listeners, and the artists of the tracks with all that they have but the tracks left out.
// mode: read
// params: tracks: [int], genres: [int], leave_out: [int]
// returns: tracks: [key: int, track_id: str, title: str, listeners: int, artists: [artist_id: str, name: str]],
//   genres: [key: int, genre_id: str, name: str, listeners: int],
//   artists: [artist_id: str, name: str, tracks: [int], listeners: [int]]
/* :params {tracks: [1, 2], genres: [3], leave_out: [1]} */
RETURN COLLECT {
         UNWIND $tracks AS key
         MATCH (t:Track {key: key})
         RETURN [t.key, t.track_id, t.title, t.listeners,
                 COLLECT { MATCH (t)-[:BY]->(a) RETURN [a.artist_id, a.name] ORDER BY a.artist_id }]
       } AS tracks,
       COLLECT {
         UNWIND $genres AS key
         MATCH (g:Genre {key: key})
         RETURN [g.key, g.genre_id, g.name, COUNT { (g)<-[:PLAYS_GENRE]-() }]
       } AS genres,
       COLLECT {
         UNWIND $tracks AS key
         MATCH (:Track {key: key})-[:BY]->(a:Artist)
         WITH DISTINCT a
         MATCH (a)<-[:BY]-(t:Track)
         WHERE NOT t.key IN $leave_out
         WITH a, t ORDER BY t.key
         WITH a, collect(t.key) AS keys, collect(t.listeners) AS listeners
         RETURN [a.artist_id, a.name, keys, listeners] ORDER BY a.artist_id
       } AS artists
