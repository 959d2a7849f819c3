// Artists, genres, countries and influencers whose properties or countries break a rule, counted by check.
// mode: read
// params:
// returns: check: str, found: int, example: str?
/* :params {} */
CALL () {
  MATCH (a:Artist)
  UNWIND [
    CASE WHEN NOT a.artist_id IS :: STRING NOT NULL OR a.artist_id = '' THEN 'Artist.artist_id' END,
    CASE WHEN NOT a.name IS :: STRING NOT NULL THEN 'Artist.name' END
  ] AS check
  RETURN check, coalesce(toStringOrNull(a.artist_id), elementId(a)) AS example
UNION ALL
  MATCH (g:Genre)
  UNWIND [
    CASE WHEN NOT g.genre_id IS :: STRING NOT NULL OR g.genre_id = '' THEN 'Genre.genre_id' END,
    CASE WHEN NOT g.name IS :: STRING NOT NULL THEN 'Genre.name' END
  ] AS check
  RETURN check, coalesce(toStringOrNull(g.genre_id), elementId(g)) AS example
UNION ALL
  MATCH (c:Country)
  UNWIND [
    CASE WHEN NOT c.code IS :: STRING NOT NULL THEN 'Country.code' END,
    CASE WHEN NOT c.name IS :: STRING NOT NULL THEN 'Country.name' END,
    CASE WHEN NOT EXISTS { (c)--() } THEN 'Country in use' END
  ] AS check
  RETURN check, coalesce(toStringOrNull(c.code), elementId(c)) AS example
UNION ALL
  MATCH (i:Influencer)
  UNWIND [
    CASE WHEN NOT i.influencer_id IS :: STRING NOT NULL OR i.influencer_id = '' THEN 'Influencer.influencer_id' END,
    CASE WHEN NOT i.handle IS :: STRING NOT NULL THEN 'Influencer.handle' END,
    CASE WHEN NOT (i.avg_likes IS :: FLOAT AND i.followers IS :: INTEGER) THEN 'Influencer figures' END,
    CASE WHEN EXISTS {
      MATCH (i)-[r:REACHES]->()
      WHERE NOT r.share IS :: FLOAT OR NOT 0 <= r.share <= 1
    } THEN 'REACHES.share' END
  ] AS check
  RETURN check, coalesce(toStringOrNull(i.influencer_id), elementId(i)) AS example
}
WITH check, example WHERE check IS NOT NULL
RETURN check, count(*) AS found, min(example) AS example
ORDER BY check
