// What users hold by field; times in milliseconds since 1970, and of links each value once.
// mode: read
// params: ids: [str]
// returns: user_id: str, name: str?, listens_visible_to: str?, country: [str], since: [int], at: [int], tag: [str]
/* :params {ids: ['u1']} */
UNWIND $ids AS wanted
MATCH (u:User {user_id: wanted})
RETURN u.user_id AS user_id, u.name AS name, CASE WHEN u.listens_visible_to IS :: STRING THEN u.listens_visible_to END AS listens_visible_to,
       COLLECT { MATCH (u)-[:LIVES_IN]->(c:Country) RETURN c.code } AS country,
       COLLECT {
         MATCH (u)-[r:FRIENDS_WITH|FOLLOWS]->() WHERE r.since IS :: ZONED DATETIME NOT NULL
         RETURN DISTINCT r.since.epochMillis
       } AS since,
       COLLECT {
         MATCH (u)-[r:SAVED|DISCARDED|ASKED|BLOCKED]->() WHERE r.at IS :: ZONED DATETIME NOT NULL
         RETURN DISTINCT r.at.epochMillis
       } AS at,
       COLLECT { MATCH (u)-[r:TAGGED]->() RETURN DISTINCT r.tag } AS tag
ORDER BY user_id
