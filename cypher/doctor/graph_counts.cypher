// Numbers of users, friendships, tracks and so on, from the counts in the store.
// mode: read
// returns: users: int, friendships: int, tracks: int, artists: int, genres: int, listens: int, countries: int, influencers: int
RETURN COUNT { (:User) } AS users, COUNT { ()-[:FRIENDS_WITH]->() } AS friendships,
       COUNT { (:Track) } AS tracks, COUNT { (:Artist) } AS artists, COUNT { (:Genre) } AS genres,
       COUNT { ()-[:PLAYED]->() } AS listens, COUNT { (:Country) } AS countries,
       COUNT { (:Influencer) } AS influencers
