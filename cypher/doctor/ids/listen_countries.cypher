// Countries that listens name.
// mode: read
// params:
// returns: code: str, listens: int
/* :params {} */
MATCH ()-[p:PLAYED]->()
WHERE p.country IS :: STRING NOT NULL
RETURN p.country AS code, count(*) AS listens
ORDER BY code
