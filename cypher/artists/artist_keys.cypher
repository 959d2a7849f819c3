// Keys of an artist's tracks and of their genres; no row without the artist.
// mode: read
// params: artist_id: str
// returns: name: str, tracks: [int], genres: [int]
/* :params {artist_id: 'a1'} */
MATCH (a:Artist {artist_id: $artist_id})
RETURN a.name AS name,
       COLLECT { MATCH (a)<-[:BY]-(t:Track) RETURN t.key ORDER BY t.key } AS tracks,
       COLLECT { MATCH (a)<-[:BY]-(:Track)-[:IN_GENRE]->(g:Genre) RETURN DISTINCT g.key ORDER BY g.key } AS genres
