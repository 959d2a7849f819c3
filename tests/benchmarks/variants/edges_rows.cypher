// (a) Friends' LISTENED walked, a row for each, with properties of the far nodes.
MATCH (:User {user_id: $user_id})-[:FRIENDS_WITH]-(f)
WITH f ORDER BY f.user_id LIMIT $max_friends
MATCH (f)-[l:LISTENED]->(t)
OPTIONAL MATCH (t)-[:IN_GENRE]->(g)
RETURN f.user_id AS user_id, t.key AS track, coalesce(g.key, 0) AS genre, l.plays AS plays, l.heard AS heard
