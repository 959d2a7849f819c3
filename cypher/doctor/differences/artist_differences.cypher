// Plays of artists, computed from the listens to their tracks, where the artists' counters differ.
// mode: read
// params: ids: [str]
// returns: artist_id: str, plays: int
/* :params {ids: ['a1']} */
UNWIND $ids AS wanted
MATCH (a:Artist {artist_id: wanted})
CALL (a) {
  MATCH (a)<-[:BY]-(t:Track)
  WITH DISTINCT t
  MATCH (t)<-[p:PLAYED]-(:User|ErasedUser)
  RETURN sum(p.plays) AS plays
}
WITH a, plays
WHERE NOT coalesce(a.plays IS :: INTEGER AND a.plays = plays, false)
RETURN a.artist_id AS artist_id, plays
ORDER BY artist_id
