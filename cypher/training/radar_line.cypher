// How many plays an artist under the radar has at most.
// mode: read
// params:
// returns: radar_plays: int
/* :params {} */
MATCH (c:Catalogue {name: 'catalogue'})
RETURN c.radar_plays AS radar_plays
