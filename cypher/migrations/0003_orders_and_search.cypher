// Indexes for charts, artists under the radar, and full-text search.
CREATE INDEX heard_in_chart IF NOT EXISTS FOR ()-[h:HEARD_IN]-() ON (h.country, h.month, h.plays, h.track_id);
CREATE INDEX track_listeners IF NOT EXISTS FOR (t:Track) ON (t.listeners, t.track_id);
CREATE INDEX artist_plays IF NOT EXISTS FOR (a:Artist) ON (a.plays);
CREATE FULLTEXT INDEX track_titles IF NOT EXISTS FOR (t:Track) ON EACH [t.title]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}};
CREATE FULLTEXT INDEX artist_names IF NOT EXISTS FOR (a:Artist) ON EACH [a.name]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}};
CREATE FULLTEXT INDEX genre_names IF NOT EXISTS FOR (g:Genre) ON EACH [g.name]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}};
