// Write what tracks, artists, genres and users are found by.
// mode: write
// params: rows: list
// rows: node_id: str, search_text: str
/* :params {rows: []} */
UNWIND $rows AS row
MATCH (n)
WHERE elementId(n) = row.node_id
SET n.search_text = row.search_text
