// Tracks with the name that search_text is computed from, and search_text as it is stored.
// mode: read
// params: ids: [str]
// returns: node_id: str, track_id: str, name: str, search_text: str?
/* :params {ids: ['t1']} */
UNWIND $ids AS wanted
MATCH (n:Track {track_id: wanted})
WHERE n.title IS :: STRING NOT NULL
RETURN elementId(n) AS node_id, n.track_id AS track_id, n.title AS name,
       CASE WHEN n.search_text IS :: STRING THEN n.search_text END AS search_text
ORDER BY track_id
