// Write new listens and all that is derived from them; no row is returned, and nothing written, if the lock was taken since.
// mode: write
// params: taken: int, theta_num: int?, theta_den: int?, countries: list, users: list, tracks: list, months: list
// returns: taken: int
/* :params {taken: -1, theta_num: 1, theta_den: 5, countries: [], users: [], tracks: [], months: []} */
MERGE (lock:WriteLock {name: 'listens'})
// A lock has none: to remove what is not there locks, and writes nothing that would have to be committed.
REMOVE lock.user_id
WITH lock WHERE coalesce(lock.taken, 0) = $taken
SET lock.taken = $taken + 1
WITH lock
CALL () {
  UNWIND $countries AS country
  MERGE (c:Country {code: country.code})
  ON CREATE SET c.name = country.name
}
CALL () {
  // Locks all users, in the order of their ids, before anything else of theirs is read.
  UNWIND $users AS user
  MATCH (u:User {user_id: user.user_id})
  SET u.profile = user.profile, u.recent = user.recent
}
CALL () {
  // Genres enter the pools of users who have played them little so far, and whose friends play them.
  UNWIND CASE WHEN $theta_num IS NULL THEN [] ELSE $users END AS user
  MATCH (u:User {user_id: user.user_id})
  UNWIND user.genres AS one
  MATCH (g:Genre {genre_id: one.genre_id})
  WHERE NOT EXISTS { (u)-[:DISCOVERS]->(g) }
  OPTIONAL MATCH (u)-[own:PLAYS_GENRE]->(g)
  WITH u, g, coalesce(own.plays, 0) AS streams,
       reduce(most = 0, plays IN COLLECT { MATCH (u)-[p:PLAYS_GENRE]->() RETURN p.plays } | CASE WHEN plays > most THEN plays ELSE most END) AS favourite
  WHERE (favourite = 0 OR streams * $theta_den < favourite * $theta_num)
    AND EXISTS { (u)-[:FRIENDS_WITH]-()-[:PLAYS_GENRE]->(g) }
  CREATE (u)-[:DISCOVERS]->(g)
}
CALL () {
  UNWIND $users AS user
  MATCH (u:User {user_id: user.user_id})
  UNWIND user.genres AS one
  MATCH (g:Genre {genre_id: one.genre_id})
  MERGE (u)-[p:PLAYS_GENRE]->(g)
  ON CREATE SET p.plays = one.plays
  ON MATCH SET p.plays = p.plays + one.plays
}
CALL () {
  // Before anything is linked to a track: who deletes links of one holds it.
  UNWIND $tracks AS track
  MATCH (t:Track {track_id: track.track_id})
  SET t.plays = t.plays + track.plays
  WITH t, track
  MATCH (t)-[:BY]->(a:Artist)
  WITH a, sum(track.plays) AS plays
  SET a.plays = a.plays + plays
}
CALL () {
  UNWIND $users AS user
  MATCH (u:User {user_id: user.user_id})
  UNWIND user.tracks AS one
  MATCH (t:Track {track_id: one.track_id})
  MERGE (u)-[l:LISTENED]->(t)
  ON CREATE SET t.listeners = t.listeners + 1
  SET l.plays = one.plays, l.heard_plays = one.heard_plays, l.heard_ppm = one.heard_ppm, l.heard = one.heard,
      // Times come as numbers, which a driver sends many times faster than times.
      l.last_at = CASE WHEN one.last_ms IS NULL OR l.last_at.epochMillis >= one.last_ms THEN l.last_at
                       ELSE datetime({epochMillis: one.last_ms}) END
  WITH u, t, one
  UNWIND one.listens AS listen
  CREATE (u)-[:PLAYED {
    listen_id: listen.listen_id, heard: listen.heard,
    listened_at: CASE WHEN listen.listened_ms IS NULL THEN null ELSE datetime({epochMillis: listen.listened_ms}) END,
    heard_at_least: listen.heard_at_least, plays: listen.plays, country: listen.country, source: listen.source
  }]->(t)
}
CALL () {
  UNWIND $months AS month
  OPTIONAL MATCH ()-[old:HEARD_IN {track_id: month.track_id, country: month.country, month: month.month}]->()
  CALL (month, old) {
    WITH month, old WHERE old IS NULL
    MATCH (t:Track {track_id: month.track_id})
    MATCH (c:Country {code: month.country})
    CREATE (t)-[h:HEARD_IN {track_id: month.track_id, country: month.country, month: month.month}]->(c)
    RETURN h
  UNION
    WITH month, old WHERE old IS NOT NULL
    RETURN old AS h
  }
  SET h.plays = month.plays, h.days = month.days, h.day_sources = month.day_sources, h.day_reports = month.day_reports,
      h.day_plays = month.day_plays, h.listeners = month.listeners, h.cells = month.cells
}
CALL () {
  // As log_change has it: last, for others who write wait from here on.
  MERGE (log:WriteLock {name: 'changes'})
  REMOVE log.user_id
  WITH log, [user IN $users | user.key] AS keys
  SET log.number = coalesce(log.number, 0) + 1,
      log.logged = (CASE WHEN size(keys) > 200 THEN [-1] ELSE [size(keys)] + keys END + coalesce(log.logged, []))[..400]
}
RETURN lock.taken AS taken
