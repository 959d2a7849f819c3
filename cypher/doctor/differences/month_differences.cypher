// Months of tracks in countries, computed from listens, where HEARD_IN differs; plays is null where there are none.
// mode: read
// params: ids: [str]
// returns: track_id: str, country: str, month: int, plays: int?, days: [int]?, day_plays: [int]?,
//   day_unknown: [int]?, reached: [int]?, listeners: [int]?, listener_days: [int]?
/* :params {ids: ['t1']} */
UNWIND $ids AS wanted
MATCH (t:Track {track_id: wanted})
CALL (t) {
  MATCH (t)<-[p:PLAYED]-(u:User|ErasedUser)
  WITH p, u, CASE WHEN p.listened_at IS NULL THEN null ELSE datetime({datetime: p.listened_at, timezone: 'UTC'}) END AS at
  WITH p, u, p.country AS country, coalesce(at.year * 100 + at.month, 0) AS month, coalesce(at.day, 0) AS day
  ORDER BY country, month, day, u.key
  WITH country, month, day, sum(p.plays) AS plays, sum(CASE WHEN p.heard IS NULL THEN p.plays ELSE 0 END) AS unknown,
       [sum(CASE WHEN p.heard >= 0.1 THEN p.plays ELSE 0 END), sum(CASE WHEN p.heard >= 0.2 THEN p.plays ELSE 0 END),
        sum(CASE WHEN p.heard >= 0.3 THEN p.plays ELSE 0 END), sum(CASE WHEN p.heard >= 0.4 THEN p.plays ELSE 0 END),
        sum(CASE WHEN p.heard >= 0.5 THEN p.plays ELSE 0 END), sum(CASE WHEN p.heard >= 0.6 THEN p.plays ELSE 0 END),
        sum(CASE WHEN p.heard >= 0.7 THEN p.plays ELSE 0 END), sum(CASE WHEN p.heard >= 0.8 THEN p.plays ELSE 0 END),
        sum(CASE WHEN p.heard >= 0.9 THEN p.plays ELSE 0 END)] AS steps,
       collect(DISTINCT u.key) AS people
  ORDER BY country, month, day
  WITH country, month, sum(plays) AS plays, collect(day) AS days, collect(plays) AS day_plays, collect(unknown) AS day_unknown,
       collect(steps) AS day_steps, collect({day: day, people: people}) AS crowds
  RETURN collect({
    country: country, month: month, plays: plays, days: days, day_plays: day_plays, day_unknown: day_unknown,
    reached: reduce(all = [], steps IN day_steps | all + steps),
    listeners: reduce(all = [], crowd IN crowds | all + crowd.people),
    listener_days: reduce(all = [], crowd IN crowds | all + [one IN crowd.people | crowd.day])
  }) AS months
}
CALL (t, months) {
  UNWIND months AS m
  RETURN m
UNION ALL
  WITH [m IN months | [m.country, m.month]] AS known
  MATCH (t)-[h:HEARD_IN]->()
  WHERE NOT [h.country, h.month] IN known
  RETURN {country: h.country, month: h.month, plays: null} AS m
}
OPTIONAL MATCH ()-[h:HEARD_IN {track_id: t.track_id, country: m.country, month: m.month}]->()
WITH t, m, h
WHERE m.plays IS NULL OR NOT coalesce(
  h.plays IS :: INTEGER AND h.plays = m.plays AND h.days = m.days AND h.day_plays = m.day_plays
  AND h.day_unknown = m.day_unknown AND h.reached = m.reached AND h.listeners = m.listeners
  AND h.listener_days = m.listener_days,
  false)
RETURN t.track_id AS track_id, m.country AS country, m.month AS month, m.plays AS plays, m.days AS days,
       m.day_plays AS day_plays, m.day_unknown AS day_unknown, m.reached AS reached, m.listeners AS listeners,
       m.listener_days AS listener_days
ORDER BY track_id, country, month
