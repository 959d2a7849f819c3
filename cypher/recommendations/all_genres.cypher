// The keys of every genre.
// mode: read
// params:
// returns: keys: list
/* :params {} */
MATCH (g:Genre)
RETURN collect(g.key) AS keys
