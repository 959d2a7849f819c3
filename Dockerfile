# syntax=docker/dockerfile:1

FROM python:3.12.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/muse
WORKDIR /build
COPY requirements.lock ./
RUN /opt/muse/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY cypher cypher
COPY loaders loaders
COPY api api
COPY muse_graph muse_graph
RUN pip wheel --no-deps --wheel-dir dist . && /opt/muse/bin/pip install --no-deps --no-index dist/*.whl

FROM python:3.12.12-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/muse muse \
    && install -d -o muse -g muse -m 700 /var/lib/muse /var/cache/muse
COPY --from=build /opt/muse /opt/muse
# The two folders matter only without NEO4J_URI, when the service brings up a Neo4j of its own.
ENV PATH=/opt/muse/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MUSE_HOME=/var/lib/muse MUSE_CACHE=/var/cache/muse
USER 10001:10001
WORKDIR /var/lib/muse
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
ENTRYPOINT ["muse-graph"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
