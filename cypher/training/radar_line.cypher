// The most plays of an artist under the radar.
// mode: read
// params:
// returns: radar_plays: int
/* :params {} */
MATCH (s:Statistics {name: 'statistics'})
RETURN s.radar_plays AS radar_plays
