// Wait for the write lock, then read all that listens are written by: what is known of their users, tracks, ids and months.
// mode: write
// params: listens: {user_ids: [str], track_ids: [str], pairs: [[str]], listen_ids: [str], months: list}
// returns: taken: int, recent: [user_id: str, recent: [int]?],
//   users: [user_id: str, element_id: str, key: int, home: str?, profile: bytes?],
//   tracks: [track_id: str, element_id: str, key: int, genres: [genre_id: str, element_id: str, key: int]],
//   heard: [user_id: str, track_id: str, plays: int, heard_plays: int, heard_ppm: int],
//   known: [listen_id: str, user_id: str, track_id: str, listened_ms: int?, heard: float?,
//   heard_at_least: float?, plays: int],
//   months: [track_id: str, country: str, month: int, listeners: bytes, cells: bytes]
/* :params {listens: {user_ids: ['u1'], track_ids: ['t1'], pairs: [['u1', 't1']], listen_ids: ['l1'], months: [['u1', 't1', null, 202610]]}} */
MERGE (lock:WriteLock {name: 'listens'})
// A lock has none: to remove what is not there locks, and writes nothing that would have to be committed.
REMOVE lock.user_id
WITH coalesce(lock.taken, 0) AS taken,
  // Lists of numbers come before bytes: once it has read long bytes, Neo4j reads each list of numbers as slowly as these.
  COLLECT {
    UNWIND $listens.user_ids AS wanted
    MATCH (u:User {user_id: wanted})
    RETURN [u.user_id, u.recent]
  } AS recent
RETURN taken, recent,
  COLLECT {
    UNWIND $listens.user_ids AS wanted
    MATCH (u:User {user_id: wanted})
    RETURN [
      u.user_id, elementId(u), u.key,
      head(COLLECT { MATCH (u)-[:LIVES_IN]->(c:Country) RETURN c.code ORDER BY c.code LIMIT 1 }), u.profile
    ]
  } AS users,
  COLLECT {
    UNWIND $listens.track_ids AS wanted
    MATCH (t:Track {track_id: wanted})
    RETURN [
      t.track_id, elementId(t), t.key,
      COLLECT {
        MATCH (t)-[r:IN_GENRE]->(g:Genre) WITH r, g ORDER BY r.rank, g.genre_id
        RETURN [g.genre_id, elementId(g), g.key]
      }
    ]
  } AS tracks,
  COLLECT {
    UNWIND $listens.pairs AS pair
    MATCH (u:User {user_id: pair[0]})
    MATCH (t:Track {track_id: pair[1]})
    MATCH (u)-[l:LISTENED]->(t)
    RETURN [u.user_id, t.track_id, l.plays, l.heard_plays, l.heard_ppm]
  } AS heard,
  COLLECT {
    UNWIND $listens.listen_ids AS wanted
    MATCH (u:User)-[p:PLAYED {listen_id: wanted}]->(t:Track)
    RETURN [p.listen_id, u.user_id, t.track_id, p.listened_at.epochMillis, p.heard, p.heard_at_least, p.plays]
  } AS known,
  COLLECT {
    UNWIND $listens.months AS one
    OPTIONAL MATCH (:User {user_id: one[0]})-[:LIVES_IN]->(home:Country)
    WITH DISTINCT one[1] AS track_id, coalesce(one[2], home.code, 'ZZ') AS country, one[3] AS month
    MATCH ()-[h:HEARD_IN {track_id: track_id, country: country, month: month}]->()
    RETURN [h.track_id, h.country, h.month, h.listeners, h.cells]
  } AS months
