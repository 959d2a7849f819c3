// Steps of a bulk load that was cut off.
// mode: read
// params:
// returns: step: str
/* :params {} */
MATCH (u:Unfinished)
RETURN u.step AS step
ORDER BY step
