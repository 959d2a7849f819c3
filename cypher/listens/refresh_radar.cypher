// Store the most plays of an artist outside the most played 20 %.
// mode: write
// params: top_share: float
/* :params {top_share: 0.2} */
MERGE (s:Statistics {name: 'statistics'})
SET s._lock = true
REMOVE s._lock
WITH s, COLLECT { MATCH (a:Artist) WHERE a.plays >= 0 RETURN a.plays ORDER BY a.plays DESC } AS most_first
SET s.radar_plays = coalesce(most_first[toInteger(size(most_first) * $top_share)], 0)
