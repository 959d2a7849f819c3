// Keys of all genres.
// mode: read
// params:
// returns: keys: [int]
/* :params {} */
MATCH (g:Genre)
RETURN collect(g.key) AS keys
