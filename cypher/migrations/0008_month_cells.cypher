// Months of tracks in countries are kept by listener, day, source and report; they are made anew from listens.
MATCH ()-[h:HEARD_IN]->() WHERE h.reached IS NOT NULL
CALL (h) {
  REMOVE h.day_unknown, h.reached, h.listener_days
} IN TRANSACTIONS OF 1000 ROWS;
