// Record a load that has begun; finish_imports deletes the record.
// mode: write
// params: run: str, command: str
/* :params {run: 'x1', command: 'load tables data'} */
MERGE (lock:WriteLock {name: 'listens'})
SET lock._lock = true
REMOVE lock._lock
MERGE (i:ImportJob {run: $run})
SET i.command = $command
