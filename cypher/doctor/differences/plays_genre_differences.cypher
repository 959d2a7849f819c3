// Streams of genres, computed from listens and likes, where PLAYS_GENRE differs; plays is null where there are none.
// mode: read
// params: ids: [str]
// returns: user_id: str, genre_id: str, plays: int?
/* :params {ids: ['u1']} */
UNWIND $ids AS wanted
MATCH (u:User {user_id: wanted})
CALL (u) {
  CALL (u) {
    MATCH (u)-[p:PLAYED]->(t:Track)
    WITH t, sum(p.plays) AS plays
    MATCH (t)-[:IN_GENRE]->(g:Genre)
    RETURN g, sum(plays) AS plays
  UNION ALL
    MATCH (u)-[:LIKES_GENRE]->(g:Genre)
    RETURN g, count(*) AS plays
  }
  RETURN g, sum(plays) AS plays
UNION
  MATCH (u)-[:PLAYS_GENRE]->(g:Genre)
  WHERE NOT EXISTS { (u)-[:LIKES_GENRE]->(g) } AND NOT EXISTS { (u)-[:PLAYED]->(:Track)-[:IN_GENRE]->(g) }
  RETURN g, null AS plays
}
WITH u, g, plays, COLLECT { MATCH (u)-[f:PLAYS_GENRE]->(g) RETURN f.plays } AS stored,
     COUNT { (u)-[:PLAYS_GENRE]->(g) } AS links
WHERE plays IS NULL OR links <> 1 OR NOT coalesce(stored[0] IS :: INTEGER AND stored[0] = plays, false)
RETURN u.user_id AS user_id, g.genre_id AS genre_id, plays
ORDER BY user_id, genre_id
