// Artists whose names match words, the name itself first, then the most played; at most a thousand hits.
// mode: read
// params: words: str, text: str, whole: str, skip: int, limit: int
// returns: id: str
/* :params {words: 'marble*', text: 'marble', whole: 'marble_ ', skip: 0, limit: 20} */
CALL db.index.fulltext.queryNodes('artist_texts', $words, {limit: 1000}) YIELD node AS a
RETURN a.artist_id AS id
// As it was typed, then as it is folded.
ORDER BY a.name = $text DESC, a.search_text STARTS WITH $whole DESC, a.plays DESC, id
SKIP $skip LIMIT $limit
