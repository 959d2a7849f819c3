// Write shares heard of negative zero as zero.
// mode: write
// params:
/* :params {} */
MATCH ()-[p:PLAYED]->()
WHERE p.heard = 0 AND p.heard < 0
SET p.heard = 0.0
