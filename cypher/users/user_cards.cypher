// Users with the numbers of friends, tracks and streams, in the order of the given ids.
// mode: read
// params: ids: [str]
// returns: user_id: str, name: str?, country: str?, listens_visible_to: str?, friends: int, tracks: int, streams: int
/* :params {ids: ['u1', 'u2']} */
UNWIND range(0, size($ids) - 1) AS position
MATCH (u:User {user_id: $ids[position]})
OPTIONAL MATCH (u)-[:LIVES_IN]->(c:Country)
CALL (u) {
  MATCH (u)-[l:LISTENED]->()
  RETURN sum(l.plays) AS streams
}
RETURN u.user_id AS user_id, u.name AS name, c.code AS country, u.listens_visible_to AS listens_visible_to,
       COUNT { (u)-[:FRIENDS_WITH]-() } AS friends, COUNT { (u)-[:LISTENED]->() } AS tracks, streams
ORDER BY position
