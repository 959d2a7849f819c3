"""What the embedded Neo4j needs: a Java and the jars of the server."""
