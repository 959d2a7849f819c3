// Artists with the most plays first, after a given one.
// mode: read
// params: place: int, after: str, limit: int
// returns: id: str, place: int
/* :params {place: 9223372036854775807, after: '', limit: 20} */
MATCH (a:Artist)
WHERE a.plays <= $place
// A computed text: a stored one is compared in another way with $after than it is ordered.
WITH a.artist_id + '' AS id, a.plays AS place
WHERE place < $place OR id > $after
RETURN id, place
ORDER BY place DESC, id
LIMIT $limit
