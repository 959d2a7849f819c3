// Write influencers, the country they are based in, the genres they post in and where their audience is.
// mode: write
// params: rows: list
// rows: influencer_id: str, handle: str, country: str?, genre_ids: [str], avg_likes: float?, followers: int?,
//   audience: [{code: str, share: float?}]
/* :params {rows: [{influencer_id: 'i1', handle: '@ana', country: 'CO', genre_ids: ['cumbia'], avg_likes: 1200.0, followers: 50000, audience: [{code: 'CO', share: 0.8}]}]} */
UNWIND $rows AS row
WITH row ORDER BY row.influencer_id
MERGE (i:Influencer {influencer_id: row.influencer_id})
SET i.handle = row.handle, i.avg_likes = row.avg_likes, i.followers = row.followers
WITH i, row
CALL (i) {
  MATCH (i)-[old:BASED_IN|POSTS_IN|REACHES]->()
  DELETE old
}
CALL (i, row) {
  MATCH (c:Country {code: row.country})
  MERGE (i)-[:BASED_IN]->(c)
}
CALL (i, row) {
  UNWIND row.genre_ids AS genre_id
  MATCH (g:Genre {genre_id: genre_id})
  MERGE (i)-[:POSTS_IN]->(g)
}
CALL (i, row) {
  UNWIND row.audience AS part
  MATCH (c:Country {code: part.code})
  MERGE (i)-[r:REACHES]->(c)
  SET r.share = part.share
}
