// Write shares heard of negative zero as zero, some at a time.
// mode: write
// params: limit: int
/* :params {limit: 10000} */
MATCH ()-[p:PLAYED]->()
WHERE (p.heard = 0 AND p.heard < 0) OR (p.heard_at_least = 0 AND p.heard_at_least < 0)
WITH p LIMIT $limit
SET p.heard = CASE WHEN p.heard = 0 THEN 0.0 ELSE p.heard END,
    p.heard_at_least = CASE WHEN p.heard_at_least = 0 THEN 0.0 ELSE p.heard_at_least END
