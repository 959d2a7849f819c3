// Delete months that name another track or country than they link.
// mode: write
// params: rows: list
// rows: track_id: str, month_id: str
/* :params {rows: []} */
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
  MATCH (t:Track {track_id: row.track_id})-[h:HEARD_IN]->(c:Country)
  WHERE elementId(h) = row.month_id
  WITH DISTINCT c ORDER BY c.code
  SET c._lock = true
  REMOVE c._lock
}
UNWIND $rows AS row
MATCH (t:Track {track_id: row.track_id})-[h:HEARD_IN]->()
WHERE elementId(h) = row.month_id
DELETE h
