// Ids of artists in order, after a given one.
// mode: read
// params: after: str, limit: int
// returns: artist_id: str
/* :params {after: '', limit: 500} */
MATCH (n:Artist)
WHERE n.artist_id > $after
RETURN n.artist_id AS artist_id
ORDER BY artist_id
LIMIT $limit
