// Tracks that were sent whose properties or links break a rule, counted by check.
// mode: read
// params: legal_id: str, legal_note: str
// returns: check: str, found: int, example: str?
/* :params {legal_id: '.{1,200}', legal_note: '.{1,280}'} */
MATCH (s:SentTrack)
UNWIND [
  CASE WHEN NOT s.sent_id IS :: STRING NOT NULL OR NOT s.sent_id =~ $legal_id THEN 'SentTrack.sent_id' END,
  CASE WHEN NOT s.at IS :: ZONED DATETIME NOT NULL OR NOT s.seen_at IS :: ZONED DATETIME THEN 'SentTrack times' END,
  CASE WHEN NOT s.note IS :: STRING OR NOT coalesce(s.note =~ $legal_note, true) THEN 'SentTrack.note' END,
  CASE WHEN COUNT { (s)<-[:SENT]-(:User) } <> 1 OR COUNT { (s)-[:SENT_TO]->(:User) } <> 1
         OR COUNT { (s)-[:OF_TRACK]->(:Track) } <> 1 OR EXISTS { (s)<-[:SENT]-(u)<-[:SENT_TO]-(s) } THEN 'SentTrack ends' END
] AS check
WITH s, check WHERE check IS NOT NULL
RETURN check, count(*) AS found, min(coalesce(nullIf(toStringOrNull(s.sent_id), ''), elementId(s))) AS example
ORDER BY check
