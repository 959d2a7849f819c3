// Users whose names match words as one user sees them: no block between the two, the name itself first, then friends, then those with the most friends in common.
// mode: read
// params: user_id: str, words: str, text: str, whole: str, skip: int, limit: int
// returns: id: str
/* :params {user_id: 'u1', words: 'ben*', text: 'ben', whole: 'ben_ ', skip: 0, limit: 20} */
MATCH (u:User {user_id: $user_id})
// A list is looked through by a hash, which costs far less than to look for each relationship.
WITH u, COLLECT { MATCH (u)-[:FRIENDS_WITH]-(f) RETURN f } AS friends
CALL db.index.fulltext.queryNodes('user_texts', $words, {limit: 1000}) YIELD node AS p
WITH friends, p WHERE p <> u AND NOT EXISTS { (u)-[:BLOCKED]-(p) }
RETURN p.user_id AS id
// As it was typed, then as it is folded.
ORDER BY p.name = $text DESC, p.search_text STARTS WITH $whole DESC,
         p IN friends DESC, COUNT { (p)-[:FRIENDS_WITH]-(f) WHERE f IN friends } DESC, id
SKIP $skip LIMIT $limit
