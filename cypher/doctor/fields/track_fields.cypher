// What tracks hold by field.
// mode: read
// params: ids: [str]
// returns: track_id: str, title: str?, duration_s: float?, language: str?, mbid: str?, isrc: str?, features: [float]?
/* :params {ids: ['t1']} */
UNWIND $ids AS wanted
MATCH (t:Track {track_id: wanted})
RETURN t.track_id AS track_id, t.title AS title, t.duration_s AS duration_s, t.language AS language,
       t.mbid AS mbid, t.isrc AS isrc, t.features AS features
ORDER BY track_id
