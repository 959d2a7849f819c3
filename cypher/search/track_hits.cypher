// Tracks whose titles match words, best match first, after a given one; at most a thousand hits.
// mode: read
// params: words: str, place: float, after: str, limit: int
// returns: id: str, place: float
/* :params {words: 'sonido*', place: 1e308, after: '', limit: 20} */
CALL db.index.fulltext.queryNodes('track_titles', $words, {limit: 1000}) YIELD node, score
WHERE score < $place OR (score = $place AND node.track_id > $after)
RETURN node.track_id AS id, score AS place
ORDER BY place DESC, id
LIMIT $limit
