// Months of an artist's tracks in countries: plays by day, shares heard and listeners.
// mode: read
// params: artist_id: str, track_id: str?, country: str?, from_month: int, to_month: int
// returns: name: str, track_known: bool,
//   months: [country: str, month: int, days: [int], day_plays: [int], day_unknown: [int],
//   reached: [int], listeners: [int], listener_days: [int]]
/* :params {artist_id: 'a1', track_id: null, country: null, from_month: 0, to_month: 999912} */
MATCH (a:Artist {artist_id: $artist_id})
RETURN a.name AS name,
       $track_id IS NULL OR EXISTS { (a)<-[:BY]-(:Track {track_id: $track_id}) } AS track_known,
       COLLECT {
         MATCH (a)<-[:BY]-(t:Track)-[h:HEARD_IN]->(:Country)
         WHERE ($track_id IS NULL OR t.track_id = $track_id) AND ($country IS NULL OR h.country = $country)
           AND $from_month <= h.month <= $to_month
         RETURN [h.country, h.month, h.days, h.day_plays, h.day_unknown, h.reached, h.listeners, h.listener_days]
       } AS months
