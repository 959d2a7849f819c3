// Months of an artist's tracks in countries: plays by day, source and report, and listeners.
// mode: read
// params: artist_id: str, track_ids: [str]?, countries: [str]?, from_month: int, to_month: int
// returns: name: str, unknown_tracks: [str],
//   months: [country: str, month: int, days: [int], day_sources: [int], day_reports: [int], day_plays: [int], listeners: bytes]
/* :params {artist_id: 'a1', track_ids: null, countries: ['CO'], from_month: 0, to_month: 999912} */
MATCH (a:Artist {artist_id: $artist_id})
RETURN a.name AS name,
       [id IN coalesce($track_ids, []) WHERE NOT EXISTS { (a)<-[:BY]-(:Track {track_id: id}) }] AS unknown_tracks,
       COLLECT {
         MATCH (a)<-[:BY]-(t:Track)-[h:HEARD_IN]->(:Country)
         WHERE ($track_ids IS NULL OR t.track_id IN $track_ids) AND ($countries IS NULL OR h.country IN $countries)
           AND $from_month <= h.month <= $to_month
         RETURN [h.country, h.month, h.days, h.day_sources, h.day_reports, h.day_plays, h.listeners]
       } AS months
