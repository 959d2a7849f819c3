// Genres by name, ignoring case, after a given one.
// mode: read
// params: place: str, after: str, limit: int
// returns: id: str, place: str
/* :params {place: '', after: '', limit: 20} */
MATCH (g:Genre)
// Computed texts: a stored one is compared in another way with $after than it is ordered.
WITH g.genre_id + '' AS id, toLower(g.name) AS place
WHERE place > $place OR (place = $place AND id > $after)
RETURN id, place
ORDER BY place, id
LIMIT $limit
