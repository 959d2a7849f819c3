// Record that all loads are finished.
// mode: write
// params:
/* :params {} */
MATCH (i:ImportJob)
DELETE i
