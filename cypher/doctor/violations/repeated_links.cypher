// Relationships that users have twice, tracks both saved and discarded, and second countries.
// mode: read
// params: ids: [str]
// returns: check: str, user_id: str, kind: str, other: str
/* :params {ids: ['u1']} */
UNWIND $ids AS wanted
MATCH (u:User {user_id: wanted})
CALL (u) {
  MATCH (u)-[r:SAVED|DISCARDED]->(t:Track)
  WITH t, count(r) AS words WHERE words > 1
  RETURN 'SAVED or DISCARDED' AS check, 'SAVED' AS kind, t.track_id AS other
UNION
  MATCH (u)-[r:LIKES_GENRE|DISCOVERS]->(g:Genre)
  WITH g, type(r) AS kind, count(r) AS links WHERE links > 1
  RETURN 'links once' AS check, kind, g.genre_id AS other
UNION
  MATCH (u)-[r:LIVES_IN]->(c:Country)
  WITH c, type(r) AS kind, count(r) AS links WHERE links > 1
  RETURN 'links once' AS check, kind, c.code AS other
UNION
  MATCH (u)-[:LIVES_IN]->(c:Country)
  WITH count(DISTINCT c) AS countries, max(c.code) AS other WHERE countries > 1
  RETURN 'LIVES_IN once' AS check, 'LIVES_IN' AS kind, other
UNION
  MATCH (u)-[r:TAGGED]->(a:Artist)
  WITH a, r.tag AS tag, type(r) AS kind, count(r) AS links WHERE links > 1
  RETURN 'links once' AS check, kind, a.artist_id AS other
UNION
  MATCH (u)-[r:FOLLOWS]->(i:Influencer)
  WITH i, type(r) AS kind, count(r) AS links WHERE links > 1
  RETURN 'links once' AS check, kind, i.influencer_id AS other
UNION
  MATCH (u)-[r:ASKED|BLOCKED|SIMILAR_TO]->(f:User)
  WITH f, type(r) AS kind, count(r) AS links WHERE links > 1
  RETURN 'links once' AS check, kind, f.user_id AS other
}
RETURN check, wanted AS user_id, kind, other
ORDER BY check, user_id, kind, other
