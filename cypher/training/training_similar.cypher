// Users in the order of their ids, after a given one: keys and weights of those with similar taste, in parallel lists; a weight that is no number is -1.
// mode: read
// params: after: str, limit: int
// returns: user_id: str, key: int, others: [int], weights: [float]
/* :params {after: '', limit: 1000} */
MATCH (u:User)
WHERE u.user_id > $after
WITH u ORDER BY u.user_id LIMIT $limit
CALL (u) {
  MATCH (u)-[s:SIMILAR_TO]->(other)
  WITH coalesce(other.key, 0) AS key, coalesce(toFloatOrNull(s.weight), -1.0) AS weight
  ORDER BY key, weight
  RETURN collect(key) AS others, collect(weight) AS weights
}
RETURN u.user_id AS user_id, u.key AS key, others, weights
ORDER BY user_id
