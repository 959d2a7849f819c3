// Months of tracks in countries: plays by listener, day, source and report, counted from listens, and what HEARD_IN holds.
// mode: read
// params: ids: [str], ways: [str]
// returns: track_id: str, country: str, month: int, listeners: [int], days: [int], sources: [int], reports: [int],
//   plays: [int], stored: {plays: int?, days: [int]?, day_sources: [int]?, day_reports: [int]?, day_plays: [int]?,
//   listeners: bytes?, cells: bytes?}?
/* :params {ids: ['t1'], ways: ['recommendation', 'feed']} */
UNWIND $ids AS wanted
MATCH (t:Track {track_id: wanted})
CALL (t) {
  MATCH (t)<-[p:PLAYED]-(u:User|ErasedUser)
  WHERE p.plays IS :: INTEGER NOT NULL AND p.plays > 0 AND p.country IS :: STRING NOT NULL
    AND p.listened_at IS :: ZONED DATETIME AND u.key IS :: INTEGER NOT NULL
  WITH p, u, coalesce(p.heard, p.heard_at_least) AS share,
       CASE WHEN p.listened_at IS NULL THEN null ELSE datetime({datetime: p.listened_at, timezone: 'UTC'}) END AS at
  WITH p.country AS country, coalesce(at.year * 100 + at.month, 0) AS month, u.key AS listener, coalesce(at.day, 0) AS day,
       CASE WHEN p.source IS NULL THEN 0
            WHEN p.source IN $ways THEN 1 + reduce(n = 0, i IN range(1, size($ways) - 1) | CASE WHEN $ways[i] = p.source THEN i ELSE n END)
            ELSE 1 + size($ways) END AS source,
       CASE WHEN p.heard IS NULL THEN 10 ELSE 0 END +
       CASE WHEN share >= 0.9 THEN 9 WHEN share >= 0.8 THEN 8 WHEN share >= 0.7 THEN 7 WHEN share >= 0.6 THEN 6
            WHEN share >= 0.5 THEN 5 WHEN share >= 0.4 THEN 4 WHEN share >= 0.3 THEN 3 WHEN share >= 0.2 THEN 2
            WHEN share >= 0.1 THEN 1 ELSE 0 END AS report,
       sum(p.plays) AS plays
  RETURN country, month, collect(listener) AS listeners, collect(day) AS days, collect(source) AS sources,
         collect(report) AS reports, collect(plays) AS plays
UNION ALL
  MATCH (t)-[h:HEARD_IN]->()
  RETURN DISTINCT h.country AS country, h.month AS month, [] AS listeners, [] AS days, [] AS sources, [] AS reports, [] AS plays
}
WITH t, country, month, collect([listeners, days, sources, reports, plays]) AS both
WITH t, country, month, reduce(most = both[0], one IN both | CASE WHEN one[0] = [] THEN most ELSE one END) AS facts
OPTIONAL MATCH ()-[h:HEARD_IN {track_id: t.track_id, country: country, month: month}]->()
RETURN t.track_id AS track_id, country, month, facts[0] AS listeners, facts[1] AS days, facts[2] AS sources,
       facts[3] AS reports, facts[4] AS plays,
       CASE WHEN h IS NULL THEN null ELSE {
         plays: CASE WHEN h.plays IS :: INTEGER THEN h.plays END, days: h.days, day_sources: h.day_sources,
         day_reports: h.day_reports, day_plays: h.day_plays, listeners: h.listeners, cells: h.cells
       } END AS stored
ORDER BY track_id, country, month
