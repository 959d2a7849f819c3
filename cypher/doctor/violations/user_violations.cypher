// Users whose properties break a rule, counted by check.
// mode: read
// params: legal_id: str, legal_name: str
// returns: check: str, found: int, example: str?
/* :params {legal_id: '.{1,200}', legal_name: '.{1,1000}'} */
MATCH (u:User)
UNWIND [
  CASE WHEN NOT u.user_id IS :: STRING NOT NULL OR u.user_id = '' THEN 'User.user_id' END,
  CASE WHEN NOT u.name IS :: STRING THEN 'User.name' END,
  CASE WHEN NOT u.private IS :: BOOLEAN THEN 'User.private' END,
  CASE WHEN NOT toStringOrNull(u.user_id) =~ $legal_id OR NOT toStringOrNull(u.name) =~ $legal_name THEN 'older text' END
] AS check
WITH u, check WHERE check IS NOT NULL
RETURN check, count(*) AS found, min(coalesce(toStringOrNull(u.user_id), elementId(u))) AS example
ORDER BY check
