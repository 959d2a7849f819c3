// Loads that are running or were interrupted, by what names each run; of an older version, a load has no run.
// mode: read
// params:
// returns: run: str, command: str
/* :params {} */
MATCH (i:ImportJob)
RETURN coalesce(i.run, '') AS run, coalesce(i.command, 'load') AS command
ORDER BY command, run
