// Influencers that a user follows, as files spell them, in the order of their ids.
// mode: read
// params: user_id: str
// returns: influencer_id: str, handle: str, country: str?, genre_ids: [str], avg_likes: float?, followers: int?,
//   audience: [str]
/* :params {user_id: 'u1'} */
MATCH (:User {user_id: $user_id})-[:FOLLOWS]->(i)
WITH DISTINCT i
RETURN i.influencer_id AS influencer_id, i.handle AS handle, head(COLLECT { MATCH (i)-[:BASED_IN]->(c) RETURN c.code ORDER BY c.code }) AS country,
       COLLECT { MATCH (i)-[:POSTS_IN]->(g) RETURN g.genre_id ORDER BY g.genre_id } AS genre_ids,
       i.avg_likes AS avg_likes, i.followers AS followers,
       COLLECT {
         MATCH (i)-[r:REACHES]->(c)
         RETURN c.code + CASE WHEN r.share IS NULL THEN '' ELSE ':' + toString(r.share) END ORDER BY c.code
       } AS audience
ORDER BY influencer_id
