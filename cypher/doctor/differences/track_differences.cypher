// Plays and listeners of tracks, computed from their listens, where the tracks' counters differ.
// mode: read
// params: ids: [str]
// returns: track_id: str, plays: int, listeners: int
/* :params {ids: ['t1']} */
UNWIND $ids AS wanted
MATCH (t:Track {track_id: wanted})
CALL (t) {
  MATCH (t)<-[p:PLAYED]-(u:User|ErasedUser)
  RETURN sum(p.plays) AS plays, count(DISTINCT u) AS listeners
}
WITH t, plays, listeners
WHERE NOT coalesce(t.plays IS :: INTEGER AND t.plays = plays, false)
   OR NOT coalesce(t.listeners IS :: INTEGER AND t.listeners = listeners, false)
RETURN t.track_id AS track_id, plays, listeners
ORDER BY track_id
