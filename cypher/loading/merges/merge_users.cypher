// Write users and the countries they live in.
// mode: write
// params: rows: list
// rows: user_id: str, key: int, name: str?, country: str?
/* :params {rows: [{user_id: 'u1', key: 1, name: 'Ana', country: null}]} */
UNWIND $rows AS row
MERGE (u:User {user_id: row.user_id})
ON CREATE SET u.key = row.key
SET u.name = coalesce(row.name, u.name)
WITH u, row WHERE row.country IS NOT NULL
MATCH (c:Country {code: row.country})
OPTIONAL MATCH (u)-[old:LIVES_IN]->(other:Country) WHERE other <> c
DELETE old
MERGE (u)-[:LIVES_IN]->(c)
