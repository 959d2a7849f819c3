// What influencers hold by field; the audience as files spell it.
// mode: read
// params: ids: [str]
// returns: influencer_id: str, handle: str?, country: [str], avg_likes: float?, followers: int?, audience: [str]
/* :params {ids: ['i1']} */
UNWIND $ids AS wanted
MATCH (i:Influencer {influencer_id: wanted})
RETURN i.influencer_id AS influencer_id, i.handle AS handle,
       COLLECT { MATCH (i)-[:BASED_IN]->(c:Country) RETURN c.code } AS country,
       i.avg_likes AS avg_likes, i.followers AS followers,
       COLLECT {
         MATCH (i)-[r:REACHES]->(c:Country)
         RETURN c.code + CASE WHEN r.share IS NULL THEN '' ELSE ':' + toStringOrNull(r.share) END
       } AS audience
ORDER BY influencer_id
