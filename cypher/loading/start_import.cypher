// Record that a step of a load has begun; finish_imports deletes the record.
// mode: write
// params: step: str
/* :params {step: 'rows'} */
MERGE (:ImportJob {step: $step})
