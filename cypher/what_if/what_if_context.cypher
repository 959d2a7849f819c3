// Which users, genres and tracks of a what-if exist, and who of the users is a friend, with who may see what each plays.
// mode: read
// params: user_id: str, users: [str], genres: [str], tracks: [str]
// returns: users: [str], friends: [str], levels: [str?], genres: [str], tracks: [str]
/* :params {user_id: 'u1', users: ['u2'], genres: ['cumbia'], tracks: ['t1']} */
MATCH (u:User {user_id: $user_id})
RETURN COLLECT { UNWIND $users AS id MATCH (f:User {user_id: id}) RETURN DISTINCT f.user_id ORDER BY f.user_id } AS users,
       COLLECT {
         UNWIND $users AS id
         MATCH (f:User {user_id: id})
         WHERE EXISTS { (u)-[:FRIENDS_WITH]-(f) }
         RETURN DISTINCT f.user_id ORDER BY f.user_id
       } AS friends,
       COLLECT {
         UNWIND $users AS id
         MATCH (f:User {user_id: id})
         WHERE EXISTS { (u)-[:FRIENDS_WITH]-(f) }
         WITH DISTINCT f ORDER BY f.user_id
         RETURN f.listens_visible_to
       } AS levels,
       COLLECT { UNWIND $genres AS id MATCH (g:Genre {genre_id: id}) RETURN DISTINCT g.genre_id ORDER BY g.genre_id } AS genres,
       COLLECT { UNWIND $tracks AS id MATCH (t:Track {track_id: id}) RETURN DISTINCT t.track_id ORDER BY t.track_id } AS tracks
