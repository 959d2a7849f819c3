// Ids of influencers in order, after a given one.
// mode: read
// params: after: str, limit: int
// returns: influencer_id: str
/* :params {after: '', limit: 500} */
MATCH (n:Influencer)
WHERE n.influencer_id > $after
RETURN n.influencer_id AS influencer_id
ORDER BY influencer_id
LIMIT $limit
