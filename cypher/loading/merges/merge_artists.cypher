// Write artists and the countries they are based in.
// mode: write
// params: rows: list
// rows: artist_id: str, name: str, search_text: str, country: str?
/* :params {rows: [{artist_id: 'a1', name: 'Los Mirlos', search_text: 'los_mirlos_ los mirlos', country: null}]} */
UNWIND $rows AS row
WITH row ORDER BY row.artist_id
MERGE (a:Artist {artist_id: row.artist_id})
ON CREATE SET a.plays = 0
SET a.name = row.name, a.search_text = row.search_text
WITH a, row
CALL (a, row) {
  MATCH (c:Country {code: row.country})
  OPTIONAL MATCH (a)-[old:BASED_IN]->(other:Country) WHERE other <> c
  DELETE old
  MERGE (a)-[:BASED_IN]->(c)
}
