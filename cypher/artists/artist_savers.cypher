// Who has saved the tracks of an artist, by track.
// mode: read
// params: artist_id: str
// returns: track_id: str, keys: [int]
/* :params {artist_id: 'a1'} */
MATCH (:Artist {artist_id: $artist_id})<-[:BY]-(t:Track)<-[:SAVED]-(u:User)
WITH t, u ORDER BY u.key
RETURN t.track_id AS track_id, collect(u.key) AS keys
ORDER BY track_id
