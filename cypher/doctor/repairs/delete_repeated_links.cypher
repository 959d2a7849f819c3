// Delete all but one of the relationships that users have twice, and of saves and discards all but the latest.
// mode: write
// params: rows: list
// rows: user_id: str
/* :params {rows: [{user_id: 'u1'}]} */
CALL () {
  UNWIND $rows AS row
  WITH DISTINCT row.user_id AS user_id ORDER BY user_id
  MATCH (u:User {user_id: user_id})
  SET u._lock = true
  REMOVE u._lock
}
UNWIND $rows AS row
WITH DISTINCT row.user_id AS user_id
MATCH (u:User {user_id: user_id})
CALL (u) {
  MATCH (u)-[r:SAVED|DISCARDED]->(t:Track)
  WITH t, r ORDER BY r.at DESC, type(r) DESC
  WITH t, collect(r)[1..] AS spare
  FOREACH (one IN spare | DELETE one)
}
CALL (u) {
  MATCH (u)-[r:LIKES_GENRE|DISCOVERS|LIVES_IN|TAGGED|ASKED|BLOCKED|SIMILAR_TO]->(other)
  WITH other, type(r) AS kind, r.tag AS tag, collect(r)[1..] AS spare
  FOREACH (one IN spare | DELETE one)
}
