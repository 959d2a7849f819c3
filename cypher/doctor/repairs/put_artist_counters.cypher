// Overwrite the counters of artists.
// mode: write
// params: rows: list
// rows: artist_id: str, plays: int
/* :params {rows: []} */
UNWIND $rows AS row
MATCH (a:Artist {artist_id: row.artist_id})
SET a.plays = row.plays
