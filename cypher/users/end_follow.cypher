// Let a user follow an influencer no more.
// mode: write
// params: user_id: str, influencer_id: str
/* :params {user_id: 'u1', influencer_id: 'i1'} */
MATCH (u:User {user_id: $user_id})
SET u._lock = true
REMOVE u._lock
WITH u
MATCH (u)-[f:FOLLOWS]->(:Influencer {influencer_id: $influencer_id})
DELETE f
