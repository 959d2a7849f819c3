// Which of these ids are influencers already.
// mode: read
// params: ids: list
// returns: id: str
/* :params {ids: ['x1', 'x2']} */
UNWIND $ids AS wanted
MATCH (n:Influencer {influencer_id: wanted})
RETURN n.influencer_id AS id
ORDER BY id
