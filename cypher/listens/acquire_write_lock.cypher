// Acquire the write lock of listens and hold it to the end of the transaction.
// mode: write
// params: name: str
/* :params {name: 'listens'} */
MERGE (lock:WriteLock {name: $name})
SET lock.taken = coalesce(lock.taken, 0) + 1
