// How much a listener plays an artist, and how many friends do.
// mode: read
// params: user_id: str, artist_id: str
// returns: plays: int, tracks: int, friends: int
/* :params {user_id: 'u1', artist_id: 'a4'} */
OPTIONAL MATCH (u:User {user_id: $user_id})
WITH u
OPTIONAL MATCH (a:Artist {artist_id: $artist_id})<-[:BY]-(t)<-[l:LISTENED]-(u)
WITH u, coalesce(sum(l.plays), 0) AS plays, count(l) AS tracks
RETURN plays, tracks,
       COUNT {
         MATCH (u)-[:FRIENDS_WITH]-(f)
         WHERE EXISTS { (f)-[:LISTENED]->()-[:BY]->(:Artist {artist_id: $artist_id}) }
       } AS friends
