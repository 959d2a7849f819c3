// Tracks with most listeners everywhere.
// mode: read
// params: limit: int
// returns: key: int, plays: int, genre_keys: list
/* :params {limit: 200} */
MATCH (t:Track)
WHERE t.listeners > 0 AND t.track_id >= ''
WITH t ORDER BY t.listeners DESC, t.track_id DESC LIMIT $limit
RETURN t.key AS key, t.plays AS plays, COLLECT { MATCH (t)-[:IN_GENRE]->(g:Genre) RETURN g.key ORDER BY g.genre_id } AS genre_keys
ORDER BY plays DESC, key
