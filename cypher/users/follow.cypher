// Since when a user follows an influencer; no row if the user does not.
// mode: read
// params: user_id: str, influencer_id: str
// returns: influencer_id: str, handle: str, since_ms: int?
/* :params {user_id: 'u1', influencer_id: 'i1'} */
MATCH (:User {user_id: $user_id})-[f:FOLLOWS]->(i:Influencer {influencer_id: $influencer_id})
RETURN i.influencer_id AS influencer_id, i.handle AS handle, f.since.epochMillis AS since_ms
ORDER BY influencer_id
LIMIT 1
