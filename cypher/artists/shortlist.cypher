// Influencers on the shortlist of an artist, those put there first before the others.
// mode: read
// params: artist_id: str
// returns: influencer_id: str, handle: str, country: str?, avg_likes: float?, followers: int?, since_ms: int
/* :params {artist_id: 'a1'} */
MATCH (:Artist {artist_id: $artist_id})-[s:SHORTLISTED]->(i:Influencer)
RETURN i.influencer_id AS influencer_id, i.handle AS handle,
       head(COLLECT { MATCH (i)-[:BASED_IN]->(c:Country) RETURN c.code ORDER BY c.code }) AS country,
       i.avg_likes AS avg_likes, i.followers AS followers, s.since.epochMillis AS since_ms
ORDER BY since_ms, influencer_id
