// Tracks with the most listeners worldwide.
// mode: read
// params: limit: int
// returns: tracks: [key: int, plays: int, genres: [int]]
/* :params {limit: 200} */
MATCH (t:Track)
WHERE t.listeners > 0 AND t.track_id >= ''
WITH t ORDER BY t.listeners DESC, t.track_id DESC LIMIT $limit
RETURN collect([t.key, t.plays, COLLECT { MATCH (t)-[:IN_GENRE]->(g) RETURN g.key ORDER BY g.genre_id }]) AS tracks
