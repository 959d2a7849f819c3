// Write tracks; artists and genres are only set when a track is new.
// mode: write
// params: rows: list
// rows: track_id: str, key: int, title: str, search_text: str, artist_ids: [str], genre_ids: [str],
//   duration_s: float?, language: str?, mbid: str?, isrc: str?, features: [float]?
/* :params {rows: [{track_id: 't1', key: 1, title: 'Sonido Amazónico', search_text: 'sonido_amazonico_ sonido amazonico', artist_ids: ['a1'], genre_ids: ['cumbia'], duration_s: 181.0, language: null, mbid: null, isrc: null, features: [0.25, -1.5]}]} */
UNWIND $rows AS row
WITH row ORDER BY row.track_id
MERGE (t:Track {track_id: row.track_id})
ON CREATE SET t.key = row.key, t.plays = 0, t.listeners = 0
// Only this statement can have created a track without a title. Setting the title locks the track.
WITH t, row, t.title IS NULL AS is_new
SET t.title = row.title,
    t.search_text = row.search_text,
    t.duration_s = coalesce(row.duration_s, t.duration_s),
    t.language = coalesce(row.language, t.language),
    t.mbid = coalesce(row.mbid, t.mbid),
    t.isrc = coalesce(row.isrc, t.isrc),
    t.features = coalesce(row.features, t.features)
WITH t, row WHERE is_new
CALL (t, row) {
  UNWIND row.artist_ids AS artist_id
  MATCH (a:Artist {artist_id: artist_id})
  MERGE (t)-[:BY]->(a)
}
CALL (t, row) {
  UNWIND range(0, size(row.genre_ids) - 1) AS place
  MATCH (g:Genre {genre_id: row.genre_ids[place]})
  MERGE (t)-[r:IN_GENRE]->(g)
  ON CREATE SET r.rank = place + 1
}
