// The paths from a listener over friends to a track and its genres: what the reasons of a list are made from.
// mode: read
// params: user_id: str, track_id: str
// returns: user_id: str, friend: str, plays: int, heard: float?, genres: [str], streams: [int]
/* :params {user_id: 'u1', track_id: 't4'} */
// Friends whose listens nobody may see count in lists, and are in no answer.
MATCH (you:User {user_id: $user_id})
MATCH (track:Track {track_id: $track_id})
MATCH (you)-[:FRIENDS_WITH]-(who:User)-[played:LISTENED]->(track)
WHERE coalesce(who.listens_visible_to, 'friends') IN ['friends', 'everybody']
RETURN who.user_id AS user_id, coalesce(who.name, who.user_id) AS friend,
       played.plays AS plays, played.heard AS heard,
       COLLECT {
         MATCH (track)-[member:IN_GENRE]->(genre)
         RETURN genre.name ORDER BY member.rank, genre.genre_id
       } AS genres,
       COLLECT {
         MATCH (track)-[member:IN_GENRE]->(genre)
         OPTIONAL MATCH (you)-[own:PLAYS_GENRE]->(genre)
         RETURN coalesce(own.plays, 0) ORDER BY member.rank, genre.genre_id
       } AS streams
ORDER BY plays DESC, user_id
LIMIT 50
