// A listener, the friends and the listeners with similar taste: what each has heard, and the genres that friends listen to.
// mode: read
// params: user_id: str, max_friends: int, max_similar: int, max_tags: int
// returns: profile: bytes?, country: str?, n_friends: int,
//   friends: [user_id: str, name: str?, listens_visible_to: str?, profile: bytes?],
//   own_genres: [key: int, plays: int], friend_genres: [key: int, listeners: int], pool: [int],
//   feedback: [key: int, saved: bool, genres: [int]], similar: [key: int, profile: bytes?], tags: [tag: str, times: int]
/* :params {user_id: 'u1', max_friends: 200, max_similar: 50, max_tags: 200} */
// The types of the relationships say what is at their far end: a label there would be looked up for each.
MATCH (u:User {user_id: $user_id})
RETURN u.profile AS profile,
       head(COLLECT { MATCH (u)-[:LIVES_IN]->(c) RETURN c.code }) AS country,
       COUNT { (u)-[:FRIENDS_WITH]-() } AS n_friends,
       COLLECT {
         MATCH (u)-[:FRIENDS_WITH]-(f)
         WITH f ORDER BY f.user_id LIMIT $max_friends
         RETURN [f.user_id, f.name, f.listens_visible_to, f.profile]
       } AS friends,
       COLLECT { MATCH (u)-[p:PLAYS_GENRE]->(g) RETURN [g.key, p.plays] } AS own_genres,
       COLLECT {
         MATCH (u)-[:FRIENDS_WITH]-()-[:PLAYS_GENRE]->(g)
         WITH g, count(*) AS listeners
         RETURN [g.key, listeners]
       } AS friend_genres,
       COLLECT { MATCH (u)-[:DISCOVERS]->(g) RETURN g.key } AS pool,
       COLLECT {
         MATCH (u)-[said:SAVED|DISCARDED]->(t)
         RETURN [t.key, said:SAVED, COLLECT { MATCH (t)-[:IN_GENRE]->(g) RETURN g.key }]
       } AS feedback,
       COLLECT {
         MATCH (u)-[s:SIMILAR_TO]->(other)
         WITH s.weight AS weight, other ORDER BY weight DESC, other.user_id LIMIT $max_similar
         RETURN [other.key, other.profile]
       } AS similar,
       COLLECT {
         MATCH (u)-[given:TAGGED]->()
         WITH given.tag AS tag, count(*) AS times ORDER BY times DESC, tag LIMIT $max_tags
         RETURN [tag, times]
       } AS tags
