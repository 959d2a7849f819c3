// Acquire the write lock, then lock users in the order of their ids, and hold all to the end of the transaction.
// mode: write
// params: name: str, user_ids: [str]
/* :params {name: 'listens', user_ids: ['u1', 'u2']} */
MERGE (lock:WriteLock {name: $name})
// A lock has none: to remove what is not there locks, and writes nothing that would have to be committed.
REMOVE lock.user_id
WITH lock
SET lock.taken = coalesce(lock.taken, 0) + 1
WITH lock
UNWIND $user_ids AS wanted
WITH DISTINCT wanted ORDER BY wanted
MATCH (u:User {user_id: wanted})
SET u._lock = true
REMOVE u._lock
