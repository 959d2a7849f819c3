// Record that a step of a load has begun; finish_imports deletes the record.
// mode: write
// params: step: str
/* :params {step: 'rows'} */
MERGE (lock:WriteLock {name: 'listens'})
SET lock._lock = true
REMOVE lock._lock
MERGE (:ImportJob {step: $step})
