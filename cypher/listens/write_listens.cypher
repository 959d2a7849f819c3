// Write new listens and all that is derived from them; no row is returned, and nothing written, if the lock was taken since.
// mode: write
// params: taken: int, theta_num: int?, theta_den: int?, changes: {countries: list, users: list, genres: list,
//   tracks: list, heard_first: list, heard_again: list, plays: list, first_months: list, further_months: list}
// returns: taken: int
/* :params {taken: -1, theta_num: 1, theta_den: 5, changes: {countries: [], users: [], genres: [], tracks: [], heard_first: [], heard_again: [], plays: [], first_months: [], further_months: []}} */
MERGE (lock:WriteLock {name: 'listens'})
// A lock has none: to remove what is not there locks, and writes nothing that would have to be committed.
REMOVE lock.user_id
WITH lock WHERE coalesce(lock.taken, 0) = $taken
SET lock.taken = $taken + 1
WITH lock
// `user`, `track` and `genre` are element ids: tracks and genres are never deleted, and who deletes a user takes the lock.
CALL () {
  UNWIND $changes.countries AS country
  MERGE (c:Country {code: country.code})
  ON CREATE SET c.name = country.name
}
CALL () {
  // Locks all users, in the order of their ids, before anything else of theirs is read.
  UNWIND $changes.users AS one
  MATCH (u) WHERE elementId(u) = one.user
  // Lists of numbers come before bytes: once it has read long bytes, Neo4j reads each list of numbers as slowly as these.
  SET u.recent = one.recent
}
CALL () {
  UNWIND $changes.genres AS played
  MATCH (u) WHERE elementId(u) = played.user
  WITH u, played.genres AS genres, COLLECT { MATCH (u)-[p:PLAYS_GENRE]->(g) RETURN [g, p.plays, p] } AS own
  WITH u, genres, own, reduce(most = 0, one IN own | CASE WHEN one[1] > most THEN one[1] ELSE most END) AS favourite
  UNWIND genres AS one
  MATCH (g) WHERE elementId(g) = one.genre
  WITH u, g, one.plays AS plays, favourite, head([x IN own WHERE x[0] = g]) AS before
  // Genres enter the pools of users who have played them little so far, and whose friends play them.
  WITH u, g, plays, before[2] AS p,
       $theta_num IS NOT NULL
       AND (favourite = 0 OR coalesce(before[1], 0) * $theta_den < favourite * $theta_num)
       AND NOT EXISTS { (u)-[:DISCOVERS]->(g) }
       AND EXISTS { (u)-[:FRIENDS_WITH]-(f) WHERE EXISTS { (f)-[:PLAYS_GENRE]->(g) } } AS enters
  FOREACH (_ IN CASE WHEN enters THEN [1] ELSE [] END | CREATE (u)-[:DISCOVERS]->(g))
  FOREACH (_ IN CASE WHEN p IS NULL THEN [1] ELSE [] END | CREATE (u)-[:PLAYS_GENRE {plays: plays}]->(g))
  WITH p, plays WHERE p IS NOT NULL
  SET p.plays = p.plays + plays
}
CALL () {
  // Before anything is linked to a track: who deletes links of one holds it.
  UNWIND $changes.tracks AS one
  MATCH (t) WHERE elementId(t) = one.track
  // A sum of its own property would hold the node's links before the node, and others hold the node first.
  REMOVE t._lock
  SET t.plays = t.plays + one.plays, t.listeners = t.listeners + one.listeners
  WITH t, one
  MATCH (t)-[:BY]->(a:Artist)
  WITH a, sum(one.plays) AS plays
  SET a.plays = a.plays + plays
}
CALL () {
  UNWIND $changes.heard_first AS one
  MATCH (u) WHERE elementId(u) = one.user
  MATCH (t) WHERE elementId(t) = one.track
  CREATE (u)-[:LISTENED {
    plays: one.plays, heard_plays: one.heard_plays, heard_ppm: one.heard_ppm, heard: one.heard,
    // Times come as numbers, which a driver sends many times faster than times.
    last_at: CASE WHEN one.last_ms IS NULL THEN null ELSE datetime({epochMillis: one.last_ms}) END
  }]->(t)
}
CALL () {
  UNWIND $changes.heard_again AS one
  MATCH (u) WHERE elementId(u) = one.user
  MATCH (t) WHERE elementId(t) = one.track
  MATCH (u)-[l:LISTENED]->(t)
  SET l.plays = one.plays, l.heard_plays = one.heard_plays, l.heard_ppm = one.heard_ppm, l.heard = one.heard,
      l.last_at = CASE WHEN one.last_ms IS NULL OR l.last_at.epochMillis >= one.last_ms THEN l.last_at
                       ELSE datetime({epochMillis: one.last_ms}) END
}
CALL () {
  UNWIND $changes.plays AS one
  MATCH (u) WHERE elementId(u) = one.user
  MATCH (t) WHERE elementId(t) = one.track
  CREATE (u)-[:PLAYED {
    listen_id: one.listen_id, heard: one.heard,
    listened_at: CASE WHEN one.listened_ms IS NULL THEN null ELSE datetime({epochMillis: one.listened_ms}) END,
    heard_at_least: one.heard_at_least, plays: one.plays, country: one.country, source: one.source
  }]->(t)
}
CALL () {
  UNWIND $changes.first_months AS one
  MATCH (t) WHERE elementId(t) = one.track
  MATCH (c:Country {code: one.country})
  CREATE (t)-[:HEARD_IN {
    track_id: one.track_id, country: one.country, month: one.month, plays: one.plays, days: one.days,
    day_sources: one.day_sources, day_reports: one.day_reports, day_plays: one.day_plays,
    listeners: one.listeners, cells: one.cells
  }]->(c)
}
CALL () {
  UNWIND $changes.further_months AS one
  MATCH ()-[h:HEARD_IN {track_id: one.track_id, country: one.country, month: one.month}]->()
  SET h.plays = one.plays, h.days = one.days, h.day_sources = one.day_sources, h.day_reports = one.day_reports,
      h.day_plays = one.day_plays
  WITH collect([h, one.listeners, one.cells]) AS packed
  UNWIND packed AS one
  WITH one[0] AS h, one[1] AS listeners, one[2] AS cells
  SET h.listeners = listeners, h.cells = cells
}
CALL () {
  // As log_change has it: late, for others who write wait from here on, and before the bytes.
  MERGE (log:WriteLock {name: 'changes'})
  REMOVE log.user_id
  WITH log, [one IN $changes.users | one.key] AS keys
  SET log.number = coalesce(log.number, 0) + 1,
      log.logged = (CASE WHEN size(keys) > 200 THEN [-1] ELSE [size(keys)] + keys END + coalesce(log.logged, []))[..400]
}
CALL () {
  UNWIND $changes.users AS one
  MATCH (u) WHERE elementId(u) = one.user
  SET u.profile = one.profile
}
RETURN lock.taken AS taken
