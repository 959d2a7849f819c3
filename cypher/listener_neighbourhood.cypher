// A listener and the friends around: what each has heard, and the genres that friends listen to.
// mode: read
// params: user_id: str, max_friends: int
// returns: profile: bytes?, country: str?, n_friends: int, friends: list, own_genres: list, friend_genres: list, pool: list, feedback: list
/* :params {user_id: 'u1', max_friends: 200} */
MATCH (u:User {user_id: $user_id})
RETURN u.profile AS profile,
       head(COLLECT { MATCH (u)-[:LIVES_IN]->(c:Country) RETURN c.code }) AS country,
       COUNT { (u)-[:FRIENDS_WITH]-(:User) } AS n_friends,
       COLLECT {
         MATCH (u)-[:FRIENDS_WITH]-(f:User)
         WITH f ORDER BY f.user_id LIMIT $max_friends
         RETURN [f.user_id, f.name, coalesce(f.private, false), f.profile]
       } AS friends,
       COLLECT {
         MATCH (u)-[p:PLAYS_GENRE]->(g:Genre)
         RETURN [g.key, g.genre_id, g.name, p.plays] ORDER BY g.genre_id
       } AS own_genres,
       COLLECT {
         MATCH (u)-[:FRIENDS_WITH]-(:User)-[:PLAYS_GENRE]->(g:Genre)
         WITH g, count(*) AS listeners
         RETURN [g.key, g.genre_id, g.name, listeners] ORDER BY g.genre_id
       } AS friend_genres,
       COLLECT {
         MATCH (u)-[:DISCOVERS]->(g:Genre)
         RETURN [g.key, g.genre_id, g.name] ORDER BY g.genre_id
       } AS pool,
       COLLECT {
         MATCH (u)-[said:SAVED|DISCARDED]->(t:Track)
         RETURN [t.key, said:SAVED, COLLECT { MATCH (t)-[:IN_GENRE]->(g:Genre) RETURN g.key ORDER BY g.genre_id }]
         ORDER BY t.key
       } AS feedback
