// Users with the name that search_text is computed from, and search_text as it is stored.
// mode: read
// params: ids: [str]
// returns: node_id: str, user_id: str, name: str, search_text: str?
/* :params {ids: ['u1']} */
UNWIND $ids AS wanted
MATCH (n:User {user_id: wanted})
WHERE n.name IS :: STRING NOT NULL
RETURN elementId(n) AS node_id, n.user_id AS user_id, n.name AS name,
       CASE WHEN n.search_text IS :: STRING THEN n.search_text END AS search_text
ORDER BY user_id
