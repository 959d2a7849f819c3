// The users with the smallest keys, which are hashes of their ids: the same sample each time; and how many users there are.
// mode: read
// params: limit: int
// returns: keys: [int], users: int
/* :params {limit: 2000} */
RETURN COLLECT {
         MATCH (u:User)
         WHERE u.key > -9223372036854775807
         RETURN u.key AS key ORDER BY key LIMIT $limit
       } AS keys,
       COUNT { (:User) } AS users
