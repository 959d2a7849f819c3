// Write countries.
// mode: write
// params: rows: list
// rows: code: str, name: str
/* :params {rows: [{code: 'CO', name: 'Colombia'}]} */
UNWIND $rows AS row
WITH row ORDER BY row.code
MERGE (c:Country {code: row.code})
ON CREATE SET c.name = row.name
