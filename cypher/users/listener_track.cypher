// What a listener and the friends have done with a track, and whether none of its artists is among the most played.
// mode: read
// params: user_id: str, track_id: str
// returns: plays: int, heard: float?, said: str?, friends: int,
//   friend_ids: [str], friend_names: [str], under_the_radar: bool
/* :params {user_id: 'u1', track_id: 't4'} */
OPTIONAL MATCH (statistics:Statistics {name: 'statistics'})
WITH statistics.radar_plays AS radar_plays
OPTIONAL MATCH (u:User {user_id: $user_id})
WITH radar_plays, u
MATCH (t:Track {track_id: $track_id})
OPTIONAL MATCH (u)-[l:LISTENED]->(t)
OPTIONAL MATCH (u)-[said:SAVED|DISCARDED]->(t)
RETURN coalesce(l.plays, 0) AS plays, l.heard AS heard, toLower(type(said)) AS said,
       COUNT { MATCH (u)-[:FRIENDS_WITH]-(f) WHERE EXISTS { (f)-[:LISTENED]->(t) } } AS friends,
       COLLECT {
         MATCH (u)-[:FRIENDS_WITH]-(f)
         WHERE coalesce(f.listens_visible_to, 'friends') IN ['friends', 'everybody'] AND EXISTS { (f)-[:LISTENED]->(t) }
         RETURN f.user_id ORDER BY f.user_id LIMIT 5
       } AS friend_ids,
       COLLECT {
         MATCH (u)-[:FRIENDS_WITH]-(f)
         WHERE coalesce(f.listens_visible_to, 'friends') IN ['friends', 'everybody'] AND EXISTS { (f)-[:LISTENED]->(t) }
         RETURN coalesce(f.name, f.user_id) ORDER BY f.user_id LIMIT 5
       } AS friend_names,
       NOT EXISTS { MATCH (t)-[:BY]->(a) WHERE radar_plays IS NULL OR a.plays > radar_plays } AS under_the_radar
ORDER BY plays
LIMIT 1
