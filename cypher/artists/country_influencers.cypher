// Influencers based in a country who post in a genre, most likes first; no row without the genre.
// mode: read
// params: country: str, genre_id: str, limit: int
// returns: name: str,
//   influencers: [{influencer_id: str, handle: str, avg_likes: float?, followers: int?, score: float}]
/* :params {country: 'CO', genre_id: 'cumbia', limit: 20} */
MATCH (g:Genre {genre_id: $genre_id})
RETURN g.name AS name,
       COLLECT {
         MATCH (g)<-[:POSTS_IN]-(i:Influencer)-[:BASED_IN]->(:Country {code: $country})
         WITH i, coalesce(i.avg_likes, 0.0) AS score
         ORDER BY score DESC, i.influencer_id
         LIMIT $limit
         RETURN {influencer_id: i.influencer_id, handle: i.handle, avg_likes: i.avg_likes,
                 followers: i.followers, score: score}
         ORDER BY score DESC, i.influencer_id
       } AS influencers
