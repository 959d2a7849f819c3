// Say that a bulk load is over.
// mode: write
// params:
/* :params {} */
MATCH (u:Unfinished)
DELETE u
