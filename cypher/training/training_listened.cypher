// All that users have listened to, in lists side by side; a share heard of -1 is unknown.
// mode: read
// params: user_ids: list
// returns: user_id: str, tracks: list, plays: list, heard: list
/* :params {user_ids: ['u1']} */
UNWIND $user_ids AS wanted
MATCH (u:User {user_id: wanted})-[l:LISTENED]->(t)
WITH u.user_id AS user_id, t.key AS track, l.plays AS plays, coalesce(l.heard, -1.0) AS heard
RETURN user_id, collect(track) AS tracks, collect(plays) AS plays, collect(heard) AS heard
ORDER BY user_id
