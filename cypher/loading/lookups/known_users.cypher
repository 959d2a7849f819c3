// Those of the given ids that are users.
// mode: read
// params: ids: [str]
// returns: id: str
/* :params {ids: ['x1', 'x2']} */
UNWIND $ids AS wanted
MATCH (n:User {user_id: wanted})
RETURN n.user_id AS id
ORDER BY id
