// Users whose properties break a rule, counted by check.
// mode: read
// params:
// returns: check: str, found: int, example: str?
/* :params {} */
MATCH (u:User)
UNWIND [
  CASE WHEN NOT u.user_id IS :: STRING NOT NULL OR u.user_id = '' THEN 'User.user_id' END,
  CASE WHEN NOT u.name IS :: STRING THEN 'User.name' END,
  CASE WHEN NOT u.listens_visible_to IS :: STRING THEN 'User.listens_visible_to' END
] AS check
WITH u, check WHERE check IS NOT NULL
RETURN check, count(*) AS found, min(coalesce(toStringOrNull(u.user_id), elementId(u))) AS example
ORDER BY check
