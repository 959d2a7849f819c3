// Change what a what-if changes for one user; its transaction is undone afterwards.
// mode: write
// params: user_id: str, drop_friends: [str], like_genres: [str], save: [str], discard: [str], at: datetime
/* :params {user_id: 'u1', drop_friends: ['u2'], like_genres: ['cumbia'], save: [], discard: [], at: datetime()} */
CALL () {
  UNWIND [$user_id] + $drop_friends AS wanted
  WITH DISTINCT wanted ORDER BY wanted
  MATCH (u:User {user_id: wanted})
  SET u._lock = true
  REMOVE u._lock
}
MATCH (u:User {user_id: $user_id})
CALL (u) {
  UNWIND $drop_friends AS wanted
  MATCH (f:User {user_id: wanted})
  MATCH (u)-[friendship:FRIENDS_WITH]-(f)
  DELETE friendship
}
CALL (u) {
  UNWIND $like_genres AS wanted
  MATCH (g:Genre {genre_id: wanted})
  WITH DISTINCT u, g
  WHERE NOT EXISTS { (u)-[:LIKES_GENRE]->(g) }
  CREATE (u)-[:LIKES_GENRE]->(g)
  MERGE (u)-[p:PLAYS_GENRE]->(g)
  ON CREATE SET p.plays = 1
  ON MATCH SET p.plays = p.plays + 1
}
CALL (u) {
  UNWIND $save + $discard AS wanted
  MATCH (t:Track {track_id: wanted})
  MATCH (u)-[said:SAVED|DISCARDED]->(t)
  WITH DISTINCT said
  DELETE said
}
CALL (u) {
  UNWIND $save AS wanted
  WITH DISTINCT u, wanted
  MATCH (t:Track {track_id: wanted})
  CREATE (u)-[:SAVED {at: $at}]->(t)
}
CALL (u) {
  UNWIND $discard AS wanted
  WITH DISTINCT u, wanted
  MATCH (t:Track {track_id: wanted})
  CREATE (u)-[:DISCARDED {at: $at}]->(t)
}
