// Log whom this transaction changes, for those who keep in memory what was read of them.
// mode: write
// params: keys: [int]
/* :params {keys: [1, 2]} */
MERGE (log:WriteLock {name: 'changes'})
// A lock has none: to remove what is not there locks, and writes nothing that would have to be committed.
REMOVE log.user_id
WITH log
// The newest comes first: how many users it has, and their keys; -1 for too many.
SET log.number = coalesce(log.number, 0) + 1,
    log.logged = (CASE WHEN size($keys) > 200 THEN [-1] ELSE [size($keys)] + $keys END + coalesce(log.logged, []))[..400]
