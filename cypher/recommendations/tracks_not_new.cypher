// Those of the given tracks that a listener has heard, saved or discarded.
// mode: read
// params: user_id: str, keys: [int]
// returns: keys: [int]
/* :params {user_id: 'u1', keys: [1, 2]} */
MATCH (u:User {user_id: $user_id})
RETURN COLLECT {
         UNWIND $keys AS key
         MATCH (t:Track {key: key})
         WHERE EXISTS { (u)-[:LISTENED|SAVED|DISCARDED]->(t) }
         RETURN t.key
       } AS keys
