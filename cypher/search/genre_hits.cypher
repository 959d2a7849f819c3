// Genres whose names match words, the name itself first, then those with the most tracks; at most a thousand hits.
// mode: read
// params: words: str, text: str, whole: str, skip: int, limit: int
// returns: id: str
/* :params {words: 'cumb*', text: 'cumb', whole: 'cumb_ ', skip: 0, limit: 20} */
CALL db.index.fulltext.queryNodes('genre_texts', $words, {limit: 1000}) YIELD node AS g
RETURN g.genre_id AS id
// As it was typed, then as it is folded.
ORDER BY g.name = $text DESC, g.search_text STARTS WITH $whole DESC, COUNT { (g)<-[:IN_GENRE]-() } DESC, id
SKIP $skip LIMIT $limit
