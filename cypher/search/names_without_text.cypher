// Names of tracks, artists, genres and users without search_text.
// mode: read
// params: limit: int
// returns: node_id: str, name: str
/* :params {limit: 10000} */
MATCH (n:Track|Artist|Genre|User)
WHERE n.search_text IS NULL
WITH elementId(n) AS node_id, coalesce(n.title, n.name) AS name
WHERE name IS :: STRING NOT NULL
RETURN node_id, name
ORDER BY node_id
LIMIT $limit
