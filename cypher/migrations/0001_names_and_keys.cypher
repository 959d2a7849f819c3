// Every id is unique; `key` is the 64-bit number that stands for an id in arrays.
CREATE CONSTRAINT user_id IF NOT EXISTS FOR (u:User) REQUIRE u.user_id IS UNIQUE;
CREATE CONSTRAINT user_key IF NOT EXISTS FOR (u:User) REQUIRE u.key IS UNIQUE;
CREATE CONSTRAINT track_id IF NOT EXISTS FOR (t:Track) REQUIRE t.track_id IS UNIQUE;
CREATE CONSTRAINT track_key IF NOT EXISTS FOR (t:Track) REQUIRE t.key IS UNIQUE;
CREATE CONSTRAINT artist_id IF NOT EXISTS FOR (a:Artist) REQUIRE a.artist_id IS UNIQUE;
CREATE CONSTRAINT genre_id IF NOT EXISTS FOR (g:Genre) REQUIRE g.genre_id IS UNIQUE;
CREATE CONSTRAINT genre_key IF NOT EXISTS FOR (g:Genre) REQUIRE g.key IS UNIQUE;
CREATE CONSTRAINT country_code IF NOT EXISTS FOR (c:Country) REQUIRE c.code IS UNIQUE;
CREATE CONSTRAINT influencer_id IF NOT EXISTS FOR (i:Influencer) REQUIRE i.influencer_id IS UNIQUE;
CREATE CONSTRAINT turn_name IF NOT EXISTS FOR (t:Turn) REQUIRE t.name IS UNIQUE;
CREATE CONSTRAINT catalogue_name IF NOT EXISTS FOR (c:Catalogue) REQUIRE c.name IS UNIQUE;
