// Friendships among users given by key, as pairs one after the other, and where they live.
// mode: read
// params: keys: [int]
// returns: friends: [int], homes: [country: str, keys: [int]]
/* :params {keys: [1, 2]} */
RETURN COLLECT {
         UNWIND $keys AS key
         MATCH (u:User {key: key})-[:FRIENDS_WITH]->(f)
         WHERE f.key IN $keys
         UNWIND [u.key, f.key] AS end
         RETURN end
       } AS friends,
       COLLECT {
         UNWIND $keys AS key
         MATCH (u:User {key: key})-[:LIVES_IN]->(c)
         WITH c.code AS code, collect(u.key) AS keys
         RETURN [code, keys] ORDER BY code
       } AS homes
