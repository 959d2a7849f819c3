// Days on which tracks are heard by a user who is being erased, and by one who has the id since.
// mode: read
// params: user_id: str, track_ids: [str]
// returns: track_id: str, country: str, month: int, day: int
/* :params {user_id: 'u1', track_ids: ['t1']} */
CALL () {
  MATCH (u:ErasedUser {user_id: $user_id})
  RETURN u
UNION ALL
  MATCH (u:User {user_id: $user_id})
  RETURN u
}
UNWIND $track_ids AS track_id
MATCH (t:Track {track_id: track_id})
MATCH (u)-[p:PLAYED]->(t)
WITH track_id, p.country AS country,
     CASE WHEN p.listened_at IS NULL THEN null ELSE datetime({datetime: p.listened_at, timezone: 'UTC'}) END AS at
RETURN DISTINCT track_id, country, coalesce(at.year * 100 + at.month, 0) AS month, coalesce(at.day, 0) AS day
ORDER BY track_id, country, month, day
