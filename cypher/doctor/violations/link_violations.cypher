// Relationships between the wrong kinds of nodes, and tags, feedback, friendships and similarities whose properties break a rule.
// mode: read
// params:
// returns: check: str, found: int, example: str?
/* :params {} */
MATCH (a)-[r]->(b)
UNWIND [
  CASE WHEN NOT CASE type(r)
    WHEN 'FRIENDS_WITH' THEN a:User AND b:User
    WHEN 'ASKED' THEN a:User AND b:User
    WHEN 'BLOCKED' THEN a:User AND b:User
    WHEN 'SENT' THEN a:User AND b:SentTrack
    WHEN 'SENT_TO' THEN a:SentTrack AND b:User
    WHEN 'OF_TRACK' THEN a:SentTrack AND b:Track
    WHEN 'SIMILAR_TO' THEN a:User AND b:User
    WHEN 'PLAYED' THEN a:User|ErasedUser AND b:Track
    WHEN 'LISTENED' THEN a:User|ErasedUser AND b:Track
    WHEN 'SAVED' THEN a:User|ErasedUser AND b:Track
    WHEN 'DISCARDED' THEN a:User|ErasedUser AND b:Track
    WHEN 'TAGGED' THEN a:User|ErasedUser AND b:Artist
    WHEN 'LIKES_GENRE' THEN a:User|ErasedUser AND b:Genre
    WHEN 'PLAYS_GENRE' THEN a:User|ErasedUser AND b:Genre
    WHEN 'DISCOVERS' THEN a:User|ErasedUser AND b:Genre
    WHEN 'FOLLOWS' THEN a:User|ErasedUser AND b:Influencer
    WHEN 'LIVES_IN' THEN a:User|ErasedUser AND b:Country
    WHEN 'BY' THEN a:Track AND b:Artist
    WHEN 'IN_GENRE' THEN a:Track AND b:Genre
    WHEN 'HEARD_IN' THEN a:Track AND b:Country
    WHEN 'BASED_IN' THEN (a:Artist OR a:Influencer) AND b:Country
    WHEN 'POSTS_IN' THEN a:Influencer AND b:Genre
    WHEN 'REACHES' THEN a:Influencer AND b:Country
    WHEN 'SHORTLISTED' THEN a:Artist AND b:Influencer
    ELSE true
  END THEN 'ends of relationships' END,
  CASE WHEN type(r) = 'SIMILAR_TO' AND (a = b OR NOT coalesce(r.weight IS :: FLOAT NOT NULL AND 0 <= r.weight <= 1, false)) THEN 'SIMILAR_TO' END,
  CASE WHEN type(r) = 'TAGGED' AND NOT r.tag IS :: STRING NOT NULL THEN 'TAGGED.tag' END,
  CASE WHEN type(r) IN ['SAVED', 'DISCARDED'] AND NOT r.at IS :: ZONED DATETIME NOT NULL THEN 'SAVED or DISCARDED.at' END,
  CASE WHEN type(r) IN ['FRIENDS_WITH', 'FOLLOWS'] AND NOT r.since IS :: ZONED DATETIME THEN type(r) + '.since' END
] AS check
WITH a, r, b, check WHERE check IS NOT NULL
RETURN check, count(*) AS found,
       min(coalesce(toStringOrNull(a.user_id), toStringOrNull(a.track_id), elementId(a)) + ' ' + type(r)) AS example
ORDER BY check
