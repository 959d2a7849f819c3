// Users and tracks of listens from which nothing can be derived, and the artists of these tracks.
// mode: read
// params: max_plays: int
// returns: user_id: str?, track_id: str?, artist_ids: [str]
/* :params {max_plays: 100000000} */
CALL () {
  MATCH (u)-[p:PLAYED]->(t)
  WHERE NOT p.plays IS :: INTEGER NOT NULL OR NOT 1 <= p.plays <= $max_plays
     OR NOT p.heard IS :: FLOAT OR (NOT 0 <= p.heard <= 1 AND NOT p.heard = 0)
     OR NOT p.heard_at_least IS :: FLOAT OR (NOT 0 <= p.heard_at_least <= 1 AND NOT p.heard_at_least = 0)
     OR (p.heard IS NOT NULL AND p.heard_at_least IS NOT NULL)
     OR NOT p.listened_at IS :: ZONED DATETIME OR NOT p.country IS :: STRING NOT NULL
  RETURN u, t
UNION
  MATCH (u)-[l:LISTENED]->(t)
  WHERE l.plays > $max_plays
  WITH DISTINCT u, t
  MATCH (u)-[p:PLAYED]->(t)
  WITH u, t, sum(toFloat(p.plays)) AS plays
  WHERE plays > $max_plays
  RETURN u, t
}
RETURN toStringOrNull(u.user_id) AS user_id, toStringOrNull(t.track_id) AS track_id,
       COLLECT { MATCH (t)-[:BY]->(a:Artist) WHERE a.artist_id IS :: STRING NOT NULL RETURN a.artist_id ORDER BY a.artist_id } AS artist_ids
ORDER BY user_id, track_id
