// (b) Friends' LISTENED collected on the server, a list for each friend.
MATCH (:User {user_id: $user_id})-[:FRIENDS_WITH]-(f)
WITH f ORDER BY f.user_id LIMIT $max_friends
RETURN f.user_id AS user_id,
       COLLECT {
         MATCH (f)-[l:LISTENED]->(t)
         OPTIONAL MATCH (t)-[:IN_GENRE]->(g)
         RETURN [t.key, coalesce(g.key, 0), l.plays, l.heard]
       } AS entries
