// Delete relationships of a user who is being erased other than listens, some of them at a time.
// mode: write
// params: user_id: str, limit: int
// returns: deleted: int
/* :params {user_id: 'u1', limit: 10000} */
MATCH (e:ErasedUser {user_id: $user_id})
CALL (e) {
  MATCH (e)-[r]-()
  WHERE NOT r:PLAYED
  WITH r ORDER BY elementId(r) LIMIT $limit
  DELETE r
  RETURN count(*) AS deleted
}
RETURN deleted
