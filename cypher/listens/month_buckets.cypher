// Listeners and cells of months of tracks in countries.
// mode: read
// params: rows: list
// rows: track_id: str, country: str, month: int
// returns: track_id: str, country: str, month: int, listeners: bytes, cells: bytes
/* :params {rows: [{track_id: 't1', country: 'CO', month: 202610}]} */
UNWIND $rows AS row
MATCH ()-[h:HEARD_IN {track_id: row.track_id, country: row.country, month: row.month}]->()
RETURN h.track_id AS track_id, h.country AS country, h.month AS month, h.listeners AS listeners, h.cells AS cells
ORDER BY track_id, country, month
