// Influencers who post in an artist's genres, with where they reach and who follows them; no row without the artist.
// mode: read
// params: artist_id: str, country: str?, genre_id: str?
// returns: name: str, genre_known: bool, kinds: [genre_ids: [str], plays: int], places: [country: str, plays: int],
//   influencers: [influencer_id: str, handle: str, country: str?, genre_ids: [str], avg_likes: float?,
//   followers: int?, audience: [country: str, share: float?], keys: [int]]
/* :params {artist_id: 'a1', country: null, genre_id: null} */
MATCH (a:Artist {artist_id: $artist_id})
RETURN a.name AS name,
       $genre_id IS NULL OR EXISTS { (:Genre {genre_id: $genre_id}) } AS genre_known,
       COLLECT {
         MATCH (a)<-[:BY]-(t:Track)
         WITH t.plays AS plays, COLLECT { MATCH (t)-[:IN_GENRE]->(g:Genre) RETURN g.genre_id ORDER BY g.genre_id } AS genre_ids
         WITH genre_ids, sum(plays) AS plays
         RETURN [genre_ids, plays] AS kind
         ORDER BY genre_ids
       } AS kinds,
       COLLECT {
         MATCH (a)<-[:BY]-(:Track)-[h:HEARD_IN]->(c:Country)
         WITH c.code AS code, sum(h.plays) AS plays
         RETURN [code, plays] AS place
         ORDER BY code
       } AS places,
       COLLECT {
         MATCH (a)<-[:BY]-(:Track)-[:IN_GENRE]->(g:Genre)
         WITH DISTINCT g
         MATCH (g)<-[:POSTS_IN]-(i:Influencer)
         WITH i, g.genre_id AS genre_id
         ORDER BY genre_id
         WITH i, collect(DISTINCT genre_id) AS genre_ids
         WHERE ($genre_id IS NULL OR EXISTS { (i)-[:POSTS_IN]->(:Genre {genre_id: $genre_id}) })
           AND ($country IS NULL OR EXISTS { (i)-[:BASED_IN]->(:Country {code: $country}) })
         RETURN [i.influencer_id, i.handle, head(COLLECT { MATCH (i)-[:BASED_IN]->(c:Country) RETURN c.code ORDER BY c.code }),
                 genre_ids, i.avg_likes, i.followers,
                 COLLECT { MATCH (i)-[r:REACHES]->(c:Country) RETURN [c.code, r.share] ORDER BY c.code },
                 COLLECT { MATCH (i)<-[:FOLLOWS]-(u) RETURN u.key }] AS influencer
         ORDER BY i.influencer_id
       } AS influencers
