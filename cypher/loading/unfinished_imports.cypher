// Steps of loads that are running or were interrupted.
// mode: read
// params:
// returns: step: str
/* :params {} */
MATCH (i:ImportJob)
RETURN i.step AS step
ORDER BY step
