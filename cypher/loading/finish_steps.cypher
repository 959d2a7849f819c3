// Say that a load is over.
// mode: write
// params:
/* :params {} */
MATCH (u:Unfinished)
DELETE u
