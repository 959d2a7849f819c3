// Write the months of tracks in countries: plays by day, source and report, listeners, and cells.
// mode: write
// params: rows: list
// rows: track_id: str, country: str, month: int, plays: int, days: [int], day_sources: [int], day_reports: [int],
//   day_plays: [int], listeners: bytes, cells: bytes
/* :params {rows: []} */
UNWIND $rows AS row
OPTIONAL MATCH ()-[old:HEARD_IN {track_id: row.track_id, country: row.country, month: row.month}]->()
CALL (row, old) {
  WITH row, old WHERE old IS NULL
  MATCH (t:Track {track_id: row.track_id})
  MATCH (c:Country {code: row.country})
  CREATE (t)-[h:HEARD_IN {track_id: row.track_id, country: row.country, month: row.month}]->(c)
  RETURN h
UNION
  WITH row, old WHERE old IS NOT NULL
  RETURN old AS h
}
SET h.plays = row.plays, h.days = row.days, h.day_sources = row.day_sources, h.day_reports = row.day_reports,
    h.day_plays = row.day_plays, h.listeners = row.listeners, h.cells = row.cells
