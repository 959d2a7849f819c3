// Ids of genres in order, after a given one.
// mode: read
// params: after: str, limit: int
// returns: genre_id: str
/* :params {after: '', limit: 500} */
MATCH (n:Genre)
WHERE n.genre_id > $after
RETURN n.genre_id AS genre_id
ORDER BY genre_id
LIMIT $limit
