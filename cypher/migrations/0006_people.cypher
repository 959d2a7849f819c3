// Full-text search of users by name.
CREATE FULLTEXT INDEX user_texts IF NOT EXISTS FOR (u:User) ON EACH [u.search_text]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'unicode_whitespace'}};
