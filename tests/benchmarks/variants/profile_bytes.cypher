// (c) Friends' packed profiles.
MATCH (u:User {user_id: $user_id})
RETURN COLLECT {
         MATCH (u)-[:FRIENDS_WITH]-(f)
         WITH f ORDER BY f.user_id LIMIT $max_friends
         RETURN [f.user_id, f.profile]
       } AS friends
