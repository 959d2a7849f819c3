// Genres with the name that search_text is computed from, and search_text as it is stored.
// mode: read
// params: ids: [str]
// returns: node_id: str, genre_id: str, name: str, search_text: str?
/* :params {ids: ['pop']} */
UNWIND $ids AS wanted
MATCH (n:Genre {genre_id: wanted})
WHERE n.name IS :: STRING NOT NULL
RETURN elementId(n) AS node_id, n.genre_id AS genre_id, n.name AS name,
       CASE WHEN n.search_text IS :: STRING THEN n.search_text END AS search_text
ORDER BY genre_id
