// Keys of users.
// mode: read
// params: ids: [str]
// returns: id: str, key: int?
/* :params {ids: ['x1', 'x2']} */
UNWIND $ids AS wanted
MATCH (n:User {user_id: wanted})
RETURN n.user_id AS id, n.key AS key
ORDER BY id
