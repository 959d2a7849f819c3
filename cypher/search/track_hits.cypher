// Tracks whose titles or artists match words, the name itself first, then the most heard; at most 1,000 titles and 50 artists.
// mode: read
// params: words: str, text: str, whole: str, skip: int, limit: int
// returns: id: str
/* :params {words: 'luna*', text: 'luna', whole: 'luna_ ', skip: 0, limit: 20} */
CALL () {
  CALL db.index.fulltext.queryNodes('track_texts', $words, {limit: 1000}) YIELD node AS t
  RETURN t, t.search_text STARTS WITH $whole AS is_whole
UNION ALL
  CALL db.index.fulltext.queryNodes('artist_texts', $words, {limit: 50}) YIELD node AS a
  MATCH (a)<-[:BY]-(t:Track)
  WITH t, max(a.search_text STARTS WITH $whole) AS is_whole
  ORDER BY is_whole DESC, t.listeners DESC, t.track_id LIMIT 1000
  RETURN t, is_whole
}
WITH t, max(is_whole) AS is_whole
RETURN t.track_id AS id
// As it was typed, then as it is folded.
ORDER BY t.title = $text DESC, is_whole DESC, t.listeners DESC, id
SKIP $skip LIMIT $limit
