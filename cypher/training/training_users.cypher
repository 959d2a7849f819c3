// Users in the order of their ids, after a given one: profile, feedback, tags, and each friendship with one of its two users.
// mode: read
// params: after: str, limit: int
// returns: user_id: str, key: int, profile: bytes?, friends: [int], feedback: [key: int, saved: bool],
//   tags: [artist_id: str, tag: str]
/* :params {after: '', limit: 1000} */
MATCH (u:User)
WHERE u.user_id > $after
WITH u ORDER BY u.user_id LIMIT $limit
RETURN u.user_id AS user_id, u.key AS key, u.profile AS profile,
       COLLECT { MATCH (u)-[:FRIENDS_WITH]->(f) RETURN f.key } AS friends,
       COLLECT { MATCH (u)-[said:SAVED|DISCARDED]->(t) RETURN [t.key, said:SAVED] } AS feedback,
       COLLECT { MATCH (u)-[tagged:TAGGED]->(a) RETURN [a.artist_id, tagged.tag] } AS tags
ORDER BY user_id
