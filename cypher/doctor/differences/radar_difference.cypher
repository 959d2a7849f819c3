// The most plays of an artist outside the most played share, where the statistics differ.
// mode: read
// params: top_share: float
// returns: name: str, radar_plays: int
/* :params {top_share: 0.2} */
MATCH (a:Artist)
WHERE a.plays IS :: INTEGER NOT NULL
WITH toInteger(count(a) * $top_share) AS most_played
MATCH (a:Artist)
WHERE a.plays IS :: INTEGER NOT NULL
WITH most_played, a.plays AS plays ORDER BY plays DESC
WITH most_played, collect(plays) AS most_first
WITH most_first[most_played] AS radar_plays
OPTIONAL MATCH (s:Statistics {name: 'statistics'})
WITH radar_plays, s.radar_plays AS stored
WHERE NOT coalesce(stored IS :: INTEGER AND stored = radar_plays, false)
RETURN 'statistics' AS name, radar_plays
