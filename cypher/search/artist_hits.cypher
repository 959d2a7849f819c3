// Artists whose names match words, best match first, after a given one; at most a thousand hits.
// mode: read
// params: words: str, place: float, after: str, limit: int
// returns: id: str, place: float
/* :params {words: 'mirlos*', place: 1e308, after: '', limit: 20} */
CALL db.index.fulltext.queryNodes('artist_names', $words, {limit: 1000}) YIELD node, score
WHERE score < $place OR (score = $place AND node.artist_id > $after)
RETURN node.artist_id AS id, score AS place
ORDER BY place DESC, id
LIMIT $limit
