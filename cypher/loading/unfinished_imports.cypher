// Steps of a load that goes on or was cut off.
// mode: read
// params:
// returns: step: str
/* :params {} */
MATCH (i:ImportJob)
RETURN i.step AS step
ORDER BY step
