// Influencers that a user follows, in the order of their ids, after a given one.
// mode: read
// params: user_id: str, after: str, limit: int
// returns: influencer_id: str, handle: str, since_ms: int?
/* :params {user_id: 'u1', after: '', limit: 20} */
MATCH (:User {user_id: $user_id})-[f:FOLLOWS]->(i:Influencer)
// Computed: a stored text is compared in another way with $after than it is ordered.
WITH f, i, i.influencer_id + '' AS influencer_id
WHERE influencer_id > $after
RETURN influencer_id, i.handle AS handle, f.since.epochMillis AS since_ms
ORDER BY influencer_id
LIMIT $limit
