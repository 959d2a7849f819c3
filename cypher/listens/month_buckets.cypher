// Months of tracks in countries.
// mode: read
// params: rows: list
// rows: track_id: str, country: str, month: int
// returns: track_id: str, country: str, month: int, days: [int], day_plays: [int], day_unknown: [int],
//   reached: [int], listeners: [int], listener_days: [int]
/* :params {rows: [{track_id: 't1', country: 'CO', month: 202610}]} */
UNWIND $rows AS row
MATCH ()-[h:HEARD_IN {track_id: row.track_id, country: row.country, month: row.month}]->()
RETURN h.track_id AS track_id, h.country AS country, h.month AS month, h.days AS days, h.day_plays AS day_plays,
       h.day_unknown AS day_unknown, h.reached AS reached, h.listeners AS listeners, h.listener_days AS listener_days
ORDER BY track_id, country, month
