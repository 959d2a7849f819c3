// Of the most played tracks of an artist's main genre: all plays by report. No row if the artist has no genre.
// mode: read
// params: artist_id: str, limit: int
// returns: genre_id: str, name: str, tracks: [track_id: str, listeners: int, by_report: [report: int, plays: int]]
/* :params {artist_id: 'a1', limit: 200} */
MATCH (:Artist {artist_id: $artist_id})<-[:BY]-(own:Track)-[:IN_GENRE {rank: 1}]->(g:Genre)
WITH g, sum(own.plays) AS heard
ORDER BY heard DESC, g.genre_id LIMIT 1
RETURN g.genre_id AS genre_id, g.name AS name,
       COLLECT {
         MATCH (g)<-[:IN_GENRE]-(t:Track)
         WITH t ORDER BY t.plays DESC, t.track_id LIMIT $limit
         RETURN [t.track_id, t.listeners, COLLECT {
           MATCH (t)-[h:HEARD_IN]->(:Country)
           UNWIND range(0, size(h.day_reports) - 1) AS row
           WITH h.day_reports[row] AS report, sum(h.day_plays[row]) AS plays
           RETURN [report, plays] ORDER BY report
         }] AS track
       } AS tracks
