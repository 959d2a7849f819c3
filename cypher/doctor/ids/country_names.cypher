// Countries by code.
// mode: read
// params:
// returns: code: str, name: str?
/* :params {} */
MATCH (c:Country)
WHERE c.code IS :: STRING NOT NULL
RETURN c.code AS code, c.name AS name
ORDER BY code
