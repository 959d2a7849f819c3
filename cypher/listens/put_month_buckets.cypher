// Write the months of tracks in countries: plays by day, shares heard and listeners.
// mode: write
// params: rows: list
// rows: track_id: str, country: str, month: int, plays: int, days: [int], day_plays: [int],
//   day_unknown: [int], reached: [int], listeners: [int], listener_days: [int]
/* :params {rows: [{track_id: 't1', country: 'CO', month: 202610, plays: 1, days: [3], day_plays: [1], day_unknown: [0], reached: [1, 1, 1, 1, 1, 1, 1, 1, 1], listeners: [42], listener_days: [3]}]} */
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
SET h.plays = row.plays, h.days = row.days, h.day_plays = row.day_plays, h.day_unknown = row.day_unknown,
    h.reached = row.reached, h.listeners = row.listeners, h.listener_days = row.listener_days
