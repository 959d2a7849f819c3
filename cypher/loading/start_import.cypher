// Record the load that has begun; finish_imports deletes the record.
// mode: write
// params: command: str
/* :params {command: 'load tables data'} */
MERGE (lock:WriteLock {name: 'listens'})
SET lock._lock = true
REMOVE lock._lock
MERGE (i:ImportJob {step: 'rows'})
SET i.command = $command
