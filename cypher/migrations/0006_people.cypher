// Full-text search of users by name, what each heard last, and tracks that friends send one another.
CREATE FULLTEXT INDEX user_texts IF NOT EXISTS FOR (u:User) ON EACH [u.search_text]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'unicode_whitespace'}};
CREATE CONSTRAINT sent_id IF NOT EXISTS FOR (s:SentTrack) REQUIRE s.sent_id IS UNIQUE;
MATCH (u:User) WHERE u.profile IS NOT NULL AND u.recent IS NULL
CALL (u) {
  WITH u, COLLECT {
    MATCH (u)-[l:LISTENED]->(t)
    WHERE l.last_at IS NOT NULL
    WITH l, t ORDER BY l.last_at DESC, l.plays DESC, t.track_id LIMIT 50
    UNWIND [t.key, l.last_at.epochMillis] AS number
    RETURN number
  } AS recent
  WHERE size(recent) > 0
  SET u.recent = recent
} IN TRANSACTIONS OF 1000 ROWS;
