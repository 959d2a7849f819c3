// Artists or influencers based in more than one country, or twice in one.
// mode: read
// params: kind: str, ids: [str]
// returns: kind: str, id: str
/* :params {kind: 'Artist', ids: ['a1']} */
UNWIND $ids AS wanted
CALL (wanted) {
  MATCH (n:Artist {artist_id: wanted}) WHERE $kind = 'Artist'
  RETURN n
UNION
  MATCH (n:Influencer {influencer_id: wanted}) WHERE $kind = 'Influencer'
  RETURN n
}
WITH wanted, n
WHERE COUNT { (n)-[:BASED_IN]->(:Country) } > 1
RETURN $kind AS kind, wanted AS id
ORDER BY id
