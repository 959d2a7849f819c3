// Delete a user who is being erased and has no listens left, and countries that nothing uses any more.
// mode: write
// params: user_id: str, countries: [str]
/* :params {user_id: 'u1', countries: ['CO']} */
CALL () {
  MATCH (e:ErasedUser {user_id: $user_id})
  WHERE NOT EXISTS { (e)-[:PLAYED]->() }
  DETACH DELETE e
}
UNWIND $countries AS code
MATCH (c:Country {code: code})
WHERE NOT EXISTS { (c)--() }
DELETE c
