// Users who are being erased, in the order of their ids; each was begun, and is going on or was interrupted.
// mode: read
// params:
// returns: user_id: str
/* :params {} */
MATCH (e:ErasedUser)
WHERE e.user_id > ''
RETURN e.user_id AS user_id
ORDER BY user_id
