// Whom the last transactions changed that logged it, and how many there have been; nothing where there was none since.
// mode: read
// params: since: int
// returns: number: int, logged: [int]
/* :params {since: 0} */
MATCH (log:WriteLock {name: 'changes'})
RETURN log.number AS number, CASE WHEN log.number = $since THEN [] ELSE log.logged END AS logged
