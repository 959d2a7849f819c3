// Tracks that users have listened to, computed from their listens, where LISTENED differs; plays is null where nothing was played.
// mode: read
// params: ids: [str]
// returns: user_id: str, track_id: str, plays: int?, heard_plays: int?, heard_ppm: int?, last_at: datetime?
/* :params {ids: ['u1']} */
UNWIND $ids AS wanted
MATCH (u:User {user_id: wanted})
CALL (u) {
  MATCH (u)-[p:PLAYED]->(t:Track)
  RETURN t, sum(p.plays) AS plays, sum(CASE WHEN p.heard IS NULL THEN 0 ELSE p.plays END) AS heard_plays,
         sum(CASE WHEN p.heard IS NULL THEN 0 ELSE toInteger(round(p.heard * 1000000, 0, 'HALF_EVEN')) * p.plays END) AS heard_ppm,
         max(p.listened_at) AS last_at
UNION
  MATCH (u)-[:LISTENED]->(t:Track)
  WHERE NOT EXISTS { (u)-[:PLAYED]->(t) }
  RETURN t, null AS plays, null AS heard_plays, null AS heard_ppm, null AS last_at
}
WITH u, t, plays, heard_plays, heard_ppm, last_at, COLLECT { MATCH (u)-[l:LISTENED]->(t) RETURN l } AS stored
WITH *, stored[0] AS l
WHERE plays IS NULL OR size(stored) <> 1
   OR NOT coalesce(l.plays IS :: INTEGER AND l.plays = plays, false)
   OR NOT coalesce(l.heard_plays IS :: INTEGER AND l.heard_plays = heard_plays, false)
   OR NOT coalesce(l.heard_ppm IS :: INTEGER AND l.heard_ppm = heard_ppm, false)
   OR NOT CASE heard_plays WHEN 0 THEN l.heard IS NULL ELSE coalesce(l.heard = heard_ppm / (1000000.0 * heard_plays), false) END
   OR NOT CASE
        WHEN last_at IS NULL THEN l.last_at IS NULL
        WHEN l.last_at IS :: ZONED DATETIME NOT NULL THEN l.last_at.epochMillis = last_at.epochMillis
        ELSE false
      END
RETURN u.user_id AS user_id, t.track_id AS track_id, plays, heard_plays, heard_ppm, last_at
ORDER BY user_id, track_id
