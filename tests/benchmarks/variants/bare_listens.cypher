// Listens without profiles, pools, months by listener, and without looking whether any is there already.
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
MATCH (t:Track {track_id: row.track_id})
SET t.plays = t.plays + 1
CREATE (u)-[:PLAYED {
  listen_id: row.listen_id, listened_at: row.listened_at, heard: row.heard, plays: 1, country: 'ZZ', source: null
}]->(t)
MERGE (u)-[l:LISTENED]->(t)
ON CREATE SET l.plays = 0, l.heard_plays = 0, l.heard_ppm = 0, t.listeners = t.listeners + 1
SET l.plays = l.plays + 1, l.heard_plays = l.heard_plays + 1, l.heard_ppm = l.heard_ppm + row.heard_ppm,
    l.last_at = row.listened_at
WITH u, t
CALL (t) {
  MATCH (t)-[:BY]->(a)
  SET a.plays = a.plays + 1
}
CALL (u, t) {
  MATCH (t)-[:IN_GENRE]->(g)
  MERGE (u)-[p:PLAYS_GENRE]->(g)
  ON CREATE SET p.plays = 1
  ON MATCH SET p.plays = p.plays + 1
}
CALL (t) {
  MATCH (c:Country {code: 'ZZ'})
  MERGE (t)-[h:HEARD_BARE {month: $month}]->(c)
  ON CREATE SET h.plays = 1
  ON MATCH SET h.plays = h.plays + 1
}
