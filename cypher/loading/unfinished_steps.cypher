// Steps of a load that goes on or was cut off.
// mode: read
// params:
// returns: step: str
/* :params {} */
MATCH (u:ImportJob)
RETURN u.step AS step
ORDER BY step
