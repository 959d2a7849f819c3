// People a user may like to know: friends of friends, whom friends with few friends tell most of, then listeners with similar taste; nobody whom a request, a friendship or a block links to the user.
// mode: read
// params: user_id: str, max_friends: int, budget: int, limit: int, max_similar: int
// returns: kind: str, user_id: str, name: str?, country: str?, listens_visible_to: str?, weight: float, common_friends: int,
//   some: [user_id: str, name: str?]
/* :params {user_id: 'u1', max_friends: 200, budget: 10000, limit: 20, max_similar: 50} */
MATCH (u:User {user_id: $user_id})
// A list is looked through by a hash, which costs far less than to look for each relationship.
WITH u, COLLECT { MATCH (u)-[:FRIENDS_WITH]-(f) RETURN f } AS friends
CALL (u) {
  MATCH (u)-[:FRIENDS_WITH]-(f)
  WITH f, COUNT { (f)-[:FRIENDS_WITH]-() } AS degree
  ORDER BY degree, f.user_id LIMIT $max_friends
  // Friends are gone through while theirs are no more than the budget in all, and always the first one.
  WITH collect({friend: f, degree: degree}) AS near
  WITH near, reduce(so_far = [0, 0], one IN near |
    CASE WHEN so_far[1] = 0 OR so_far[0] + one.degree <= $budget THEN [so_far[0] + one.degree, so_far[1] + 1]
         ELSE [$budget + 1, so_far[1]] END)[1] AS n
  UNWIND near[..n] AS one
  WITH one.friend AS f, one.degree AS degree
  MATCH (f)-[:FRIENDS_WITH]-(other)
  WITH u, other, round(sum(1 / log(1 + degree)), 9) AS weight
  ORDER BY weight DESC, other.user_id
  WHERE other <> u AND NOT EXISTS { (u)-[:FRIENDS_WITH|ASKED|BLOCKED]-(other) }
  RETURN 'friends-of-friends' AS kind, other, weight
  LIMIT $limit
UNION
  MATCH (u)-[s:SIMILAR_TO]->(other)
  WITH u, other, max(s.weight) AS weight
  ORDER BY weight DESC, other.user_id LIMIT $max_similar
  WHERE other <> u AND NOT EXISTS { (u)-[:FRIENDS_WITH|ASKED|BLOCKED]-(other) }
  RETURN 'similar-listeners' AS kind, other, weight
}
RETURN kind, other.user_id AS user_id, other.name AS name,
       head(COLLECT { MATCH (other)-[:LIVES_IN]->(c) RETURN c.code }) AS country,
       other.listens_visible_to AS listens_visible_to, weight,
       COUNT { (other)-[:FRIENDS_WITH]-(f) WHERE f IN friends } AS common_friends,
       COLLECT {
         MATCH (other)-[:FRIENDS_WITH]-(f) WHERE f IN friends
         WITH f ORDER BY f.user_id LIMIT 2
         RETURN [f.user_id, f.name]
       } AS some
ORDER BY kind, weight DESC, user_id
