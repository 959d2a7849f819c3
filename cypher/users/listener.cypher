// A user, with the numbers of friends, tracks and streams, and of what waits: tracks not opened, requests not answered.
// mode: read
// params: user_id: str
// returns: user_id: str, name: str?, country: str?, listens_visible_to: str?, friends: int, tracks: int, streams: int,
//   waiting_tracks: int, waiting_requests: int
/* :params {user_id: 'u1'} */
MATCH (u:User {user_id: $user_id})
OPTIONAL MATCH (u)-[:LIVES_IN]->(c:Country)
CALL (u) {
  MATCH (u)-[l:LISTENED]->()
  RETURN sum(l.plays) AS streams
}
RETURN u.user_id AS user_id, u.name AS name, c.code AS country, u.listens_visible_to AS listens_visible_to,
       COUNT { (u)-[:FRIENDS_WITH]-() } AS friends, COUNT { (u)-[:LISTENED]->() } AS tracks, streams,
       COUNT {
         (u)<-[:SENT_TO]-(s)<-[:SENT]-(from) WHERE s.seen_at IS NULL AND NOT EXISTS { (from)-[:BLOCKED]-(u) }
       } AS waiting_tracks,
       COUNT {
         (u)<-[asked:ASKED]-(from) WHERE asked.declined_at IS NULL AND NOT EXISTS { (u)-[:BLOCKED|FRIENDS_WITH]-(from) }
       } AS waiting_requests
ORDER BY user_id
