// Internal labels get plain names: WriteLock, Statistics, ImportJob.
CREATE CONSTRAINT write_lock_name IF NOT EXISTS FOR (w:WriteLock) REQUIRE w.name IS UNIQUE;
CREATE CONSTRAINT statistics_name IF NOT EXISTS FOR (s:Statistics) REQUIRE s.name IS UNIQUE;
MATCH (w:Turn) SET w:WriteLock REMOVE w:Turn;
MATCH (s:Catalogue) SET s:Statistics, s.name = 'statistics' REMOVE s:Catalogue;
MATCH (i:Unfinished) SET i:ImportJob REMOVE i:Unfinished;
DROP CONSTRAINT turn_name IF EXISTS;
DROP CONSTRAINT catalogue_name IF EXISTS;
