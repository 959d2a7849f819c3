// Months of tracks that name another track or country than they link, or no month.
// mode: read
// params: ids: [str]
// returns: track_id: str, month_id: str
/* :params {ids: ['t1']} */
UNWIND $ids AS wanted
MATCH (t:Track {track_id: wanted})-[h:HEARD_IN]->(c)
WHERE NOT coalesce(h.track_id = t.track_id AND h.country = c.code AND h.month IS :: INTEGER NOT NULL, false)
RETURN t.track_id AS track_id, elementId(h) AS month_id
ORDER BY track_id, month_id
