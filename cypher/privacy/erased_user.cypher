// A user who is being erased.
// mode: read
// params: user_id: str
// returns: key: int, country: str?
/* :params {user_id: 'u1'} */
MATCH (e:ErasedUser {user_id: $user_id})
RETURN e.key AS key, head(COLLECT { MATCH (e)-[:LIVES_IN]->(c) RETURN c.code ORDER BY c.code }) AS country
