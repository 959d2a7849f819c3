// Record that a load is over.
// mode: write
// params:
/* :params {} */
MATCH (i:ImportJob)
DELETE i
