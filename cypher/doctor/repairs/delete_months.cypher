// Delete months of tracks in countries.
// mode: write
// params: rows: list
// rows: track_id: str, country: str, month: int
/* :params {rows: [{track_id: 't1', country: 'CO', month: 202610}]} */
// The ends first: who links something else to one of them holds it, and waits for the relationship.
CALL () {
  UNWIND $rows AS row
  WITH DISTINCT row.track_id AS track_id ORDER BY track_id
  MATCH (t:Track {track_id: track_id})
  SET t._lock = true
  REMOVE t._lock
}
CALL () {
  UNWIND $rows AS row
  WITH DISTINCT row.country AS code ORDER BY code
  MATCH (c:Country {code: code})
  SET c._lock = true
  REMOVE c._lock
}
UNWIND $rows AS row
MATCH ()-[h:HEARD_IN {track_id: row.track_id, country: row.country, month: row.month}]->()
DELETE h
