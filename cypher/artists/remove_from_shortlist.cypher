// Take an influencer off the shortlist of an artist; one who is not on it changes nothing.
// mode: write
// params: artist_id: str, influencer_id: str
/* :params {artist_id: 'a1', influencer_id: 'i1'} */
MATCH (a:Artist {artist_id: $artist_id})
SET a._lock = true
REMOVE a._lock
WITH a
MATCH (a)-[s:SHORTLISTED]->(:Influencer {influencer_id: $influencer_id})
DELETE s
