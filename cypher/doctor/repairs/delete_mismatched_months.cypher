// Delete months that name another track or country than they link.
// mode: write
// params: rows: list
// rows: track_id: str, month_id: str
/* :params {rows: []} */
UNWIND $rows AS row
MATCH (t:Track {track_id: row.track_id})-[h:HEARD_IN]->()
WHERE elementId(h) = row.month_id
DELETE h
