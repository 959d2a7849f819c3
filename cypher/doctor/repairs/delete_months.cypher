// Delete months of tracks in countries.
// mode: write
// params: rows: list
// rows: track_id: str, country: str, month: int
/* :params {rows: [{track_id: 't1', country: 'CO', month: 202610}]} */
UNWIND $rows AS row
MATCH ()-[h:HEARD_IN {track_id: row.track_id, country: row.country, month: row.month}]->()
DELETE h
