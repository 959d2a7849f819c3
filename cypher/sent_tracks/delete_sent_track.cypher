// Delete a track that a user sent or received: neither of the two has it any more.
// mode: write
// params: user_id: str, sent_id: str
/* :params {user_id: 'u2', sent_id: 's1'} */
MATCH (u:User {user_id: $user_id})
SET u._lock = true
REMOVE u._lock
WITH u
MATCH (u)-[:SENT|SENT_TO]-(s:SentTrack {sent_id: $sent_id})
DETACH DELETE s
