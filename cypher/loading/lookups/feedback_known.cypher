// Whether user and track of each save or discard exist, and the user's latest feedback on the track.
// mode: read
// params: rows: list
// rows: user_id: str, track_id: str
// returns: user_known: bool, track_known: bool, action: str?, at: datetime?
/* :params {rows: [{user_id: 'u1', track_id: 't1'}]} */
UNWIND range(0, size($rows) - 1) AS position
WITH position, $rows[position] AS row
OPTIONAL MATCH (u:User {user_id: row.user_id})
OPTIONAL MATCH (t:Track {track_id: row.track_id})
WITH position, u, t,
     head(COLLECT { MATCH (u)-[said:SAVED|DISCARDED]->(t) RETURN said ORDER BY said.at DESC LIMIT 1 }) AS said
RETURN u IS NOT NULL AS user_known, t IS NOT NULL AS track_known,
       CASE type(said) WHEN 'SAVED' THEN 'save' WHEN 'DISCARDED' THEN 'discard' END AS action, said.at AS at
ORDER BY position
