"""The one door to Neo4j: the connection, the queries of cypher/ and their types, the schema."""
