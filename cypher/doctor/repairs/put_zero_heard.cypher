// Write shares heard of negative zero as zero, some at a time.
// mode: write
// params: limit: int
/* :params {limit: 10000} */
MATCH ()-[p:PLAYED]->()
WHERE p.heard = 0 AND p.heard < 0
WITH p LIMIT $limit
SET p.heard = 0.0
