// Ids of users in order, after a given one.
// mode: read
// params: after: str, limit: int
// returns: user_id: str
/* :params {after: '', limit: 500} */
MATCH (u:User)
WHERE u.user_id > $after
RETURN u.user_id AS user_id
ORDER BY user_id
LIMIT $limit
