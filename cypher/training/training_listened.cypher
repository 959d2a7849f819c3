// Tracks that users have listened to, in parallel lists; a share heard of -1 is unknown.
// mode: read
// params: user_ids: [str]
// returns: user_id: str, tracks: [int], plays: [int], heard: [float]
/* :params {user_ids: ['u1']} */
UNWIND $user_ids AS wanted
MATCH (u:User {user_id: wanted})-[l:LISTENED]->(t)
WITH u.user_id AS user_id, t.key AS track, l.plays AS plays, coalesce(l.heard, -1.0) AS heard
RETURN user_id, collect(track) AS tracks, collect(plays) AS plays, collect(heard) AS heard
ORDER BY user_id
