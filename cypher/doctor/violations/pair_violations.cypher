// Users and tracks whose listens add up to more plays than there may be; only where LISTENED has as many, are they added up.
// mode: read
// params: max_plays: int
// returns: check: str, found: int, example: str?
/* :params {max_plays: 100000000} */
MATCH (u)-[l:LISTENED]->(t)
WHERE l.plays > $max_plays
WITH DISTINCT u, t
MATCH (u)-[p:PLAYED]->(t)
WITH u, t, sum(toFloat(p.plays)) AS plays
WHERE plays > $max_plays
WITH 'plays of a pair' AS check, toStringOrNull(u.user_id) + ' ' + toStringOrNull(t.track_id) AS example
RETURN check, count(*) AS found, min(example) AS example
ORDER BY check
