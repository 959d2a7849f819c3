// Listens whose properties break a rule, counted by check.
// mode: read
// params: legal_id: str, legal_source: str, max_plays: int, latest_ms: int
// returns: check: str, found: int, example: str?
/* :params {legal_id: '.{1,200}', legal_source: '.{1,50}', max_plays: 100000000, latest_ms: 4102444800000} */
MATCH ()-[p:PLAYED]->()
UNWIND [
  CASE WHEN NOT p.listen_id IS :: STRING NOT NULL OR p.listen_id = '' THEN 'PLAYED.listen_id' END,
  CASE WHEN NOT p.plays IS :: INTEGER NOT NULL OR NOT 1 <= p.plays <= $max_plays THEN 'PLAYED.plays' END,
  CASE WHEN NOT p.heard IS :: FLOAT OR (NOT 0 <= p.heard <= 1 AND NOT p.heard = 0) THEN 'PLAYED.heard' END,
  CASE WHEN NOT p.heard_at_least IS :: FLOAT OR (NOT 0 <= p.heard_at_least <= 1 AND NOT p.heard_at_least = 0)
         OR (p.heard IS NOT NULL AND p.heard_at_least IS NOT NULL) THEN 'PLAYED.heard_at_least' END,
  // Of the two zeros that floats have, this one sorts below the other.
  CASE WHEN (p.heard = 0 AND p.heard < 0) OR (p.heard_at_least = 0 AND p.heard_at_least < 0) THEN 'negative zero' END,
  CASE WHEN NOT p.listened_at IS :: ZONED DATETIME THEN 'PLAYED.listened_at' END,
  CASE WHEN p.listened_at IS :: ZONED DATETIME NOT NULL AND NOT 0 <= p.listened_at.epochMillis <= $latest_ms THEN 'field values' END,
  CASE WHEN p.plays > 1 AND p.listened_at IS NOT NULL THEN 'PLAYED aggregate' END,
  CASE WHEN NOT p.country IS :: STRING NOT NULL THEN 'PLAYED.country' END,
  CASE WHEN NOT p.source IS :: STRING THEN 'PLAYED.source' END,
  CASE WHEN NOT toStringOrNull(p.listen_id) =~ $legal_id OR NOT toStringOrNull(p.source) =~ $legal_source THEN 'older text' END
] AS check
WITH p, check WHERE check IS NOT NULL
RETURN check, count(*) AS found, min(coalesce(toStringOrNull(p.listen_id), elementId(p))) AS example
ORDER BY check
