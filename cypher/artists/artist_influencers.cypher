// Influencers whose genres and audiences fit an artist's plays, best first; no row without the artist.
// mode: read
// params: artist_id: str, country: str?, genre_id: str?, limit: int
// returns: name: str, genre_known: bool,
//   influencers: [{influencer_id: str, handle: str, country: str?, genre_ids: [str], avg_likes: float,
//   followers: int?, genre_fit: float, country_fit: float, score: float}]
/* :params {artist_id: 'a1', country: null, genre_id: null, limit: 20} */
MATCH (a:Artist {artist_id: $artist_id})
CALL (a) {
  MATCH (a)<-[:BY]-(t:Track)
  WITH t.plays AS plays, COLLECT { MATCH (t)-[:IN_GENRE]->(g:Genre) RETURN g.genre_id ORDER BY g.genre_id } AS genre_ids
  WITH genre_ids, sum(plays) AS plays
  RETURN collect({genre_ids: genre_ids, plays: plays}) AS kinds, toFloat(sum(plays)) AS all_plays
}
CALL (a) {
  MATCH (a)<-[:BY]-(:Track)-[h:HEARD_IN]->(c:Country)
  WITH c.code AS code, sum(h.plays) AS plays
  ORDER BY code
  RETURN collect({code: code, plays: plays}) AS places
}
RETURN a.name AS name,
       $genre_id IS NULL OR EXISTS { (:Genre {genre_id: $genre_id}) } AS genre_known,
       COLLECT {
         MATCH (a)<-[:BY]-(:Track)-[:IN_GENRE]->(g:Genre)
         WITH DISTINCT g
         MATCH (g)<-[:POSTS_IN]-(i:Influencer)
         WITH i, g.genre_id AS genre_id
         ORDER BY genre_id
         WITH i, collect(genre_id) AS genre_ids
         WHERE ($genre_id IS NULL OR EXISTS { (i)-[:POSTS_IN]->(:Genre {genre_id: $genre_id}) })
           AND ($country IS NULL OR EXISTS { (i)-[:BASED_IN]->(:Country {code: $country}) })
         WITH i, genre_ids,
              head(COLLECT { MATCH (i)-[:BASED_IN]->(c:Country) RETURN c.code }) AS country,
              COLLECT { MATCH (i)-[r:REACHES]->(c:Country) RETURN {code: c.code, share: r.share} } AS given,
              reduce(total = 0, kind IN kinds |
                total + CASE WHEN any(g IN kind.genre_ids WHERE g IN genre_ids) THEN kind.plays ELSE 0 END
              ) / all_plays AS genre_fit
         WITH i, genre_ids, country, genre_fit,
              CASE WHEN given = [] THEN [{code: country, share: 1.0}] ELSE given END AS audience,
              reduce(total = 0.0, part IN given | total + coalesce(part.share, 0.0)) AS told,
              size([part IN given WHERE part.share IS NULL]) AS untold
         WITH i, genre_ids, country, genre_fit, audience,
              CASE WHEN untold = 0 OR told > 1 THEN 0.0 ELSE (1 - told) / untold END AS rest
         WITH i, genre_ids, country, genre_fit,
              reduce(total = 0.0, place IN places |
                total + reduce(share = 0.0, part IN audience |
                  CASE WHEN part.code = place.code THEN coalesce(part.share, rest) ELSE share END
                ) * place.plays
              ) / all_plays AS country_fit
         WITH i, genre_ids, country, genre_fit, country_fit,
              coalesce(i.avg_likes, 0.0) * genre_fit * country_fit AS score
         WHERE score > 0
         ORDER BY score DESC, i.influencer_id
         LIMIT $limit
         RETURN {influencer_id: i.influencer_id, handle: i.handle, country: country, genre_ids: genre_ids,
                 avg_likes: i.avg_likes, followers: i.followers,
                 genre_fit: genre_fit, country_fit: country_fit, score: score}
         ORDER BY score DESC, i.influencer_id
       } AS influencers
