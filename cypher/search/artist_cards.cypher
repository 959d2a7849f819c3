// Artists with their counters, in the order of the given ids; under the radar means outside the most played fifth.
// mode: read
// params: ids: [str]
// returns: artist_id: str, name: str, country: str?, tracks: int, plays: int, under_the_radar: bool
/* :params {ids: ['a1', 'a2']} */
OPTIONAL MATCH (statistics:Statistics {name: 'statistics'})
WITH statistics.radar_plays AS radar_plays
UNWIND range(0, size($ids) - 1) AS position
MATCH (a:Artist {artist_id: $ids[position]})
OPTIONAL MATCH (a)-[:BASED_IN]->(c:Country)
RETURN a.artist_id AS artist_id, a.name AS name, c.code AS country,
       COUNT { (a)<-[:BY]-() } AS tracks, a.plays AS plays,
       coalesce(a.plays <= radar_plays, false) AS under_the_radar
ORDER BY position
