// Artists with the name that search_text is computed from, and search_text as it is stored.
// mode: read
// params: ids: [str]
// returns: node_id: str, artist_id: str, name: str, search_text: str?
/* :params {ids: ['a1']} */
UNWIND $ids AS wanted
MATCH (n:Artist {artist_id: wanted})
WHERE n.name IS :: STRING NOT NULL
RETURN elementId(n) AS node_id, n.artist_id AS artist_id, n.name AS name,
       CASE WHEN n.search_text IS :: STRING THEN n.search_text END AS search_text
ORDER BY artist_id
