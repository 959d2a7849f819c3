// A user's name, and how many tracks of friends the user has not opened and requests not answered; none beside a block.
// mode: read
// params: user_id: str
// returns: name: str?, tracks: int, requests: int
/* :params {user_id: 'u1'} */
MATCH (u:User {user_id: $user_id})
RETURN u.name AS name,
       COUNT {
         (u)<-[:SENT_TO]-(s)<-[:SENT]-(from) WHERE s.seen_at IS NULL AND NOT EXISTS { (from)-[:BLOCKED]-(u) }
       } AS tracks,
       COUNT {
         (u)<-[asked:ASKED]-(from) WHERE asked.declined_at IS NULL AND NOT EXISTS { (u)-[:BLOCKED|FRIENDS_WITH]-(from) }
       } AS requests
