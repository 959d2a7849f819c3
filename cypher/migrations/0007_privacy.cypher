// Who may see a user's listens is one property with three levels; users who are being erased have a label of their own.
MATCH (u:User) WHERE u.private IS NOT NULL
CALL (u) {
  SET u.listens_visible_to = CASE WHEN u.private THEN 'nobody' ELSE u.listens_visible_to END
  REMOVE u.private
} IN TRANSACTIONS OF 1000 ROWS;
CREATE CONSTRAINT erased_user_id IF NOT EXISTS FOR (u:ErasedUser) REQUIRE u.user_id IS UNIQUE;
