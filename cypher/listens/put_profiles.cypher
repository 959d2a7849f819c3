// Write the packed profiles of users, and what they heard last; null deletes one.
// mode: write
// params: rows: list
// rows: user_id: str, profile: bytes?, recent: [int]?
/* :params {rows: []} */
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
SET u.recent = row.recent, u.profile = row.profile
