// Users whose names match words, the name itself first, then those with the most friends; at most a thousand hits.
// mode: read
// params: words: str, text: str, whole: str, skip: int, limit: int
// returns: id: str
/* :params {words: 'ana*', text: 'ana', whole: 'ana_ ', skip: 0, limit: 20} */
CALL db.index.fulltext.queryNodes('user_texts', $words, {limit: 1000}) YIELD node AS u
RETURN u.user_id AS id
// As it was typed, then as it is folded.
ORDER BY u.name = $text DESC, u.search_text STARTS WITH $whole DESC, COUNT { (u)-[:FRIENDS_WITH]-() } DESC, id
SKIP $skip LIMIT $limit
