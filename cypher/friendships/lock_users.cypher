// Lock users to the end of the transaction, in the order of their ids, and return those that exist.
// mode: write
// params: user_ids: [str]
// returns: user_id: str, name: str?
/* :params {user_ids: ['u1', 'u2']} */
UNWIND $user_ids AS wanted
WITH DISTINCT wanted ORDER BY wanted
MATCH (u:User {user_id: wanted})
// Setting a property locks the node. Removing one that no node ever had does not.
SET u._lock = true
REMOVE u._lock
RETURN u.user_id AS user_id, u.name AS name
ORDER BY user_id
