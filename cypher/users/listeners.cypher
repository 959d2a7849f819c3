// Users in the order of their ids, after a given one.
// mode: read
// params: after: str, limit: int
// returns: user_id: str, name: str?, country: str?, listens_visible_to: str?, friends: int, tracks: int, streams: int
/* :params {after: '', limit: 20} */
MATCH (u:User)
WHERE u.user_id > $after
WITH u ORDER BY u.user_id LIMIT $limit
OPTIONAL MATCH (u)-[:LIVES_IN]->(c:Country)
CALL (u) {
  MATCH (u)-[l:LISTENED]->()
  RETURN sum(l.plays) AS streams
}
RETURN u.user_id AS user_id, u.name AS name, c.code AS country, u.listens_visible_to AS listens_visible_to,
       COUNT { (u)-[:FRIENDS_WITH]-() } AS friends, COUNT { (u)-[:LISTENED]->() } AS tracks, streams
ORDER BY user_id
