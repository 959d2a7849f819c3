// Those of the given ids that are influencers.
// mode: read
// params: ids: [str]
// returns: id: str
/* :params {ids: ['x1', 'x2']} */
UNWIND $ids AS wanted
MATCH (n:Influencer {influencer_id: wanted})
RETURN n.influencer_id AS id
ORDER BY id
