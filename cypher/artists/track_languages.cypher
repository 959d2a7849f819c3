// Languages of tracks by key, null for those without; no row for tracks that are gone.
// mode: read
// params: keys: [int]
// returns: language: str?, tracks: [int]
/* :params {keys: [1, 2]} */
UNWIND $keys AS key
MATCH (t:Track {key: key})
WITH t.language AS language, t.key AS key ORDER BY key
RETURN language, collect(key) AS tracks
ORDER BY language
