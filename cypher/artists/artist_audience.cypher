// Months of an artist's tracks in countries: plays by day, source and report, listeners, and cells where asked for.
// mode: read
// params: artist_id: str, with_cells: bool
// returns: name: str, titles: [track_id: str, title: str],
//   months: [track_id: str, country: str, month: int, days: [int], day_sources: [int], day_reports: [int], day_plays: [int], listeners: bytes, cells: bytes?]
/* :params {artist_id: 'a1', with_cells: false} */
MATCH (a:Artist {artist_id: $artist_id})
RETURN a.name AS name,
       COLLECT {
         MATCH (t:Track)-[:BY]->(a)
         RETURN [t.track_id, t.title] AS title
         ORDER BY t.track_id
       } AS titles,
       COLLECT {
         MATCH (a)<-[:BY]-(t:Track)-[h:HEARD_IN]->(:Country)
         RETURN [t.track_id, h.country, h.month, h.days, h.day_sources, h.day_reports, h.day_plays, h.listeners,
                 CASE WHEN $with_cells THEN h.cells END]
       } AS months
