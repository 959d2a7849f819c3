// Listeners with similar taste: those that training found, or else those who heard the same rare tracks.
// mode: read
// params: user_id: str, limit: int
// returns: user_id: str, in_common: float, profile: bytes
/* :params {user_id: 'u1', limit: 50} */
MATCH (u:User {user_id: $user_id})
CALL (u) {
  MATCH (u)-[s:SIMILAR_TO]->(other)
  RETURN other, s.weight AS in_common
UNION ALL
  WITH u WHERE NOT EXISTS { (u)-[:SIMILAR_TO]->() }
  MATCH (u)-[:LISTENED]->(t)
  WHERE t.listeners > 1
  WITH u, t ORDER BY t.listeners, t.track_id LIMIT 10
  CALL (u, t) {
    MATCH (t)<-[:LISTENED]-(other)
    WHERE other <> u
    RETURN other ORDER BY other.user_id LIMIT 100
  }
  RETURN other, toFloat(count(*)) AS in_common
}
WITH other, max(in_common) AS in_common
// Profiles are long: only those of the first few are looked at.
WITH other, in_common, other.user_id AS user_id ORDER BY in_common DESC, user_id WHERE other.profile IS NOT NULL
WITH other, in_common, user_id LIMIT $limit
RETURN user_id, in_common, other.profile AS profile
ORDER BY in_common DESC, user_id
