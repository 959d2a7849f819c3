// Record that a step of a load has begun, until the load is over.
// mode: write
// params: step: str
/* :params {step: 'rows'} */
MERGE (:ImportJob {step: $step})
