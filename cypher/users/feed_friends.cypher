// The friends of a user, with the tracks each heard and saved last.
// mode: read
// params: user_id: str, max_friends: int, max_saves: int
// returns: friends: [user_id: str, name: str?, listens_visible_to: str?, recent: [int]?, saved: [int]]
/* :params {user_id: 'u1', max_friends: 500, max_saves: 50} */
MATCH (u:User {user_id: $user_id})
RETURN COLLECT {
         MATCH (u)-[:FRIENDS_WITH]-(f)
         WITH f ORDER BY f.user_id LIMIT $max_friends
         RETURN [f.user_id, f.name, f.listens_visible_to, f.recent, COLLECT {
           MATCH (f)-[s:SAVED]->(t)
           WITH s, t ORDER BY s.at DESC, t.track_id LIMIT $max_saves
           UNWIND [t.key, s.at.epochMillis] AS number
           RETURN number
         }]
       } AS friends
