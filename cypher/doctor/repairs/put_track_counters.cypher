// Overwrite the counters of tracks.
// mode: write
// params: rows: list
// rows: track_id: str, plays: int, listeners: int
/* :params {rows: []} */
UNWIND $rows AS row
MATCH (t:Track {track_id: row.track_id})
SET t.plays = row.plays, t.listeners = row.listeners
