// Write which listeners have a taste similar to that of users, by keys: similarities to those who are kept stay as they are, all others are deleted, and new ones created.
// mode: write
// params: rows: list
// rows: key: int, kept: [int], others: [int], weights: [float]
/* :params {rows: [{key: 1, kept: [3], others: [2], weights: [0.5]}]} */
CALL () {
  UNWIND $rows AS row
  UNWIND [row.key] + row.others AS key
  WITH DISTINCT key
  MATCH (u:User {key: key})
  WITH u ORDER BY u.user_id
  SET u._lock = true
  REMOVE u._lock
}
UNWIND $rows AS row
MATCH (u:User {key: row.key})
CALL (u, row) {
  MATCH (u)-[old:SIMILAR_TO]->(other)
  WHERE NOT coalesce(other.key IN row.kept, false)
  DELETE old
}
WITH u, row
UNWIND range(0, size(row.others) - 1) AS place
MATCH (other:User {key: row.others[place]})
// Under the lock nobody else writes similarities of the user, so that what is created was not there.
CREATE (u)-[:SIMILAR_TO {weight: row.weights[place]}]->(other)
