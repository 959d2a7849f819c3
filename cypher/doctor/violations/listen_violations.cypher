// Listens whose properties break a rule, counted by check.
// mode: read
// params:
// returns: check: str, found: int, example: str?
/* :params {} */
MATCH ()-[p:PLAYED]->()
UNWIND [
  CASE WHEN NOT p.listen_id IS :: STRING NOT NULL OR p.listen_id = '' THEN 'PLAYED.listen_id' END,
  CASE WHEN NOT p.plays IS :: INTEGER NOT NULL OR p.plays < 1 THEN 'PLAYED.plays' END,
  CASE WHEN NOT p.heard IS :: FLOAT OR NOT 0 <= p.heard <= 1 THEN 'PLAYED.heard' END,
  CASE WHEN NOT p.listened_at IS :: ZONED DATETIME THEN 'PLAYED.listened_at' END,
  CASE WHEN p.plays > 1 AND p.listened_at IS NOT NULL THEN 'PLAYED aggregate' END,
  CASE WHEN NOT p.country IS :: STRING NOT NULL THEN 'PLAYED.country' END,
  CASE WHEN NOT p.source IS :: STRING THEN 'PLAYED.source' END
] AS check
WITH p, check WHERE check IS NOT NULL
RETURN check, count(*) AS found, min(coalesce(toStringOrNull(p.listen_id), elementId(p))) AS example
ORDER BY check
