// Write which listeners have a taste similar to that of users, by keys, and delete the similarities that no longer hold.
// mode: write
// params: rows: list
// rows: key: int, others: [int], weights: [float]
/* :params {rows: [{key: 1, others: [2], weights: [0.5]}]} */
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
  WHERE NOT other.key IN row.others
  DELETE old
}
WITH u, row
UNWIND range(0, size(row.others) - 1) AS place
MATCH (other:User {key: row.others[place]})
MERGE (u)-[similar:SIMILAR_TO]->(other)
SET similar.weight = row.weights[place]
