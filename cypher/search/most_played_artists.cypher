// Artists with the most plays first, after a given one.
// mode: read
// params: place: int, after: str, limit: int
// returns: id: str, place: int
/* :params {place: 9223372036854775807, after: '', limit: 20} */
MATCH (a:Artist)
WHERE a.plays <= $place AND (a.plays < $place OR a.artist_id > $after)
RETURN a.artist_id AS id, a.plays AS place
ORDER BY place DESC, id
LIMIT $limit
