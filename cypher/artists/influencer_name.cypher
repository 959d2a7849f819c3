// What an influencer is called; no row for an unknown one.
// mode: read
// params: influencer_id: str
// returns: influencer_id: str, handle: str
/* :params {influencer_id: 'i1'} */
MATCH (i:Influencer {influencer_id: $influencer_id})
RETURN i.influencer_id AS influencer_id, i.handle AS handle
ORDER BY influencer_id
LIMIT 1
