// Say that a load is over.
// mode: write
// params:
/* :params {} */
MATCH (u:ImportJob)
DELETE u
