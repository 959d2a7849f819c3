// A user, with the numbers of friends, tracks and streams.
// mode: read
// params: user_id: str
// returns: user_id: str, name: str?, country: str?, listens_visible_to: str?, friends: int, tracks: int, streams: int
/* :params {user_id: 'u1'} */
MATCH (u:User {user_id: $user_id})
OPTIONAL MATCH (u)-[:LIVES_IN]->(c:Country)
CALL (u) {
  MATCH (u)-[l:LISTENED]->()
  RETURN sum(l.plays) AS streams
}
RETURN u.user_id AS user_id, u.name AS name, c.code AS country, u.listens_visible_to AS listens_visible_to,
       COUNT { (u)-[:FRIENDS_WITH]-() } AS friends, COUNT { (u)-[:LISTENED]->() } AS tracks, streams
ORDER BY user_id
