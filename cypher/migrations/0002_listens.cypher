// A listen counts once; a month of a track in a country is one relationship.
CREATE CONSTRAINT listen_id IF NOT EXISTS FOR ()-[p:PLAYED]-() REQUIRE p.listen_id IS UNIQUE;
CREATE CONSTRAINT heard_in IF NOT EXISTS FOR ()-[h:HEARD_IN]-() REQUIRE (h.track_id, h.country, h.month) IS UNIQUE;
