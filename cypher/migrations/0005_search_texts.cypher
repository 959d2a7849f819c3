// Full-text search of names that are folded and cut into words before they are stored: the index only splits at blanks.
DROP INDEX track_titles IF EXISTS;
DROP INDEX artist_names IF EXISTS;
DROP INDEX genre_names IF EXISTS;
CREATE FULLTEXT INDEX track_texts IF NOT EXISTS FOR (t:Track) ON EACH [t.search_text]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'unicode_whitespace'}};
CREATE FULLTEXT INDEX artist_texts IF NOT EXISTS FOR (a:Artist) ON EACH [a.search_text]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'unicode_whitespace'}};
CREATE FULLTEXT INDEX genre_texts IF NOT EXISTS FOR (g:Genre) ON EACH [g.search_text]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'unicode_whitespace'}};
