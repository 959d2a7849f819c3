// Wait for the turn to write listens and hold it to the end of the transaction.
// mode: write
// params: name: str
/* :params {name: 'listens'} */
MERGE (turn:WriteLock {name: $name})
SET turn.taken = coalesce(turn.taken, 0) + 1
