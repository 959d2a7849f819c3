// Users who have heard an artist, by key.
// mode: read
// params: artist_id: str
// returns: keys: [int]
/* :params {artist_id: 'a1'} */
RETURN COLLECT {
         MATCH (:Artist {artist_id: $artist_id})<-[:BY]-(:Track)<-[:LISTENED]-(u:User)
         RETURN DISTINCT u.key
       } AS keys
