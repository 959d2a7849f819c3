// Store the most plays of an artist outside the most played 20 %.
// mode: write
// params: top_share: float
/* :params {top_share: 0.2} */
MATCH (a:Artist)
WHERE a.plays >= 0
WITH a.plays AS plays ORDER BY plays DESC
WITH collect(plays) AS most_first
MERGE (s:Statistics {name: 'statistics'})
SET s.radar_plays = coalesce(most_first[toInteger(size(most_first) * $top_share)], 0)
