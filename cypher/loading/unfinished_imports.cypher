// Commands of loads that are running or were interrupted.
// mode: read
// params:
// returns: command: str
/* :params {} */
MATCH (i:ImportJob)
RETURN coalesce(i.command, 'load') AS command
ORDER BY command
