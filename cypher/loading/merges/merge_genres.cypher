// Write genres; an existing one takes the new name.
// mode: write
// params: rows: list
// rows: genre_id: str, key: int, name: str, search_text: str
/* :params {rows: [{genre_id: 'cumbia', key: 1, name: 'Cumbia', search_text: 'cumbia_ cumbia'}]} */
UNWIND $rows AS row
WITH row ORDER BY row.genre_id
MERGE (g:Genre {genre_id: row.genre_id})
ON CREATE SET g.key = row.key
SET g.name = row.name, g.search_text = row.search_text
