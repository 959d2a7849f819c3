// Write users and the countries they live in, and return which of them are new.
// mode: write
// params: rows: list
// rows: user_id: str, key: int, name: str?, search_text: str?, country: str?, listens_visible_to: str?
// returns: user_id: str, is_new: bool
/* :params {rows: [{user_id: 'u1', key: 1, name: 'Ana', search_text: 'ana_ ana', country: null, listens_visible_to: null}]} */
UNWIND range(0, size($rows) - 1) AS position
WITH $rows[position] AS row, position ORDER BY row.user_id, position
MERGE (u:User {user_id: row.user_id})
// Only this statement can have created a user without a key. Setting the key locks the user.
WITH u, row, u.key IS NULL AS is_new
SET u.key = coalesce(u.key, row.key), u.name = coalesce(row.name, u.name),
    u.search_text = coalesce(row.search_text, u.search_text),
    u.listens_visible_to = coalesce(row.listens_visible_to, u.listens_visible_to)
WITH u, row, is_new
CALL (u, row) {
  MATCH (c:Country {code: row.country})
  OPTIONAL MATCH (u)-[old:LIVES_IN]->(other:Country) WHERE other <> c
  DELETE old
  WITH DISTINCT u, c WHERE NOT EXISTS { (u)-[:LIVES_IN]->(c) }
  CREATE (u)-[:LIVES_IN]->(c)
}
RETURN u.user_id AS user_id, is_new
ORDER BY user_id, is_new DESC
