// What users have heard, packed: their profiles in the order of their keys, and of each genre who plays it, by position, and how often.
// mode: read
// params: keys: [int]
// returns: keys: [int], profiles: [bytes?], genres: [key: int, users: [int], plays: [int]]
/* :params {keys: [1, 2]} */
UNWIND $keys AS key
MATCH (u:User {key: key})
WITH u ORDER BY u.key
WITH collect(u) AS users
RETURN [u IN users | u.key] AS keys,
       [u IN users | u.profile] AS profiles,
       COLLECT {
         UNWIND range(0, size(users) - 1) AS position
         WITH position, users[position] AS u
         MATCH (u)-[p:PLAYS_GENRE]->(g)
         WITH g, collect(position) AS positions, collect(p.plays) AS plays
         RETURN [g.key, positions, plays]
       } AS genres
