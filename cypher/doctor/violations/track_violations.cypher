// Tracks whose properties, artists or genres break a rule, counted by check.
// mode: read
// params:
// returns: check: str, found: int, example: str?
/* :params {} */
CALL () {
  MATCH (t:Track) WHERE t.features IS :: LIST<FLOAT NOT NULL> NOT NULL
  WITH size(t.features) AS length, count(*) AS tracks ORDER BY tracks DESC, length
  RETURN head(collect(length)) AS usual
}
MATCH (t:Track)
UNWIND [
  CASE WHEN NOT t.track_id IS :: STRING NOT NULL OR t.track_id = '' THEN 'Track.track_id' END,
  CASE WHEN NOT t.title IS :: STRING NOT NULL THEN 'Track.title' END,
  CASE WHEN NOT (t.duration_s IS :: FLOAT AND t.language IS :: STRING AND t.mbid IS :: STRING AND t.isrc IS :: STRING)
    THEN 'Track description' END,
  CASE WHEN NOT t.features IS :: LIST<FLOAT NOT NULL> THEN 'Track.features'
    WHEN size(t.features) <> usual OR any(one IN t.features WHERE isNaN(one) OR abs(one) >= 1e15) THEN 'Track.features' END,
  CASE WHEN NOT EXISTS { (t)-[:BY]->(:Artist) } THEN 'Track by an artist' END,
  CASE WHEN COLLECT { MATCH (t)-[r:IN_GENRE]->() RETURN r.rank ORDER BY r.rank } <> range(1, COUNT { (t)-[:IN_GENRE]->() })
      OR EXISTS { MATCH (t)-[r:IN_GENRE]->() WHERE NOT r.rank IS :: INTEGER NOT NULL } THEN 'IN_GENRE.rank' END
] AS check
WITH t, check WHERE check IS NOT NULL
RETURN check, count(*) AS found, min(coalesce(toStringOrNull(t.track_id), elementId(t))) AS example
ORDER BY check
