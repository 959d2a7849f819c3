// Most played tracks of a country in its latest month on record.
// mode: read
// params: country: str, limit: int
// returns: tracks: [key: int, plays: int, genres: [int]]
/* :params {country: 'CO', limit: 200} */
CALL () {
  MATCH ()-[h:HEARD_IN]->()
  WHERE h.country = $country AND h.month >= 0 AND h.plays >= 0 AND h.track_id >= ''
  RETURN h.month AS latest ORDER BY h.country DESC, h.month DESC LIMIT 1
}
// In the order of the index heard_in_chart, so that it is read no further than the limit.
CALL (latest) {
  MATCH (t)-[h:HEARD_IN]->()
  WHERE h.country = $country AND h.month = latest AND h.plays >= 0 AND h.track_id >= ''
  RETURN t, h.plays AS plays
  ORDER BY h.country DESC, h.month DESC, h.plays DESC, h.track_id DESC LIMIT $limit
}
MATCH (t:Track)
RETURN collect([t.key, plays, COLLECT { MATCH (t)-[:IN_GENRE]->(g) RETURN g.key ORDER BY g.genre_id }]) AS tracks
