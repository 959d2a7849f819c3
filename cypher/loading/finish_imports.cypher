// Record that loads are finished, or that nobody waits for them any more; of an older version, a load has no run.
// mode: write
// params: runs: [str]
/* :params {runs: ['x1']} */
MATCH (i:ImportJob)
WHERE coalesce(i.run, '') IN $runs
DELETE i
