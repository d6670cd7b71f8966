# Build:  docker build -t rasid .
# Run:    docker compose up   (compose.yaml), or see docs/operating.md
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN ["python", "-m", "venv", "/opt/rasid"]
WORKDIR /src
# The dependencies first: they change less often than the code.
COPY requirements.lock ./
RUN ["/opt/rasid/bin/python", "-m", "pip", "install", "--require-hashes", "-r", "requirements.lock"]
COPY pyproject.toml README.md LICENSE scheduler.py ./
COPY rasid ./rasid
COPY crawler ./crawler
COPY storage ./storage
RUN ["/opt/rasid/bin/python", "-m", "pip", "install", "--no-deps", "--no-build-isolation", "."]

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="rasid" \
      org.opencontainers.image.description="Self-hosted news monitoring" \
      org.opencontainers.image.licenses="MIT"
ENV PATH="/opt/rasid/bin:${PATH}" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RASID_DATA_DIR=/data \
    RASID_CONFIG=/config/rules.yaml
COPY --from=build /opt/rasid /opt/rasid
# The shipped configuration, so that the image runs as it is; mount your own over it.
COPY rules.yaml /config/rules.yaml
# 65534 is `nobody`: everything that must be written lies in the volume.
RUN ["install", "-d", "-o", "65534", "-g", "65534", "-m", "0700", "/data"]
VOLUME ["/data"]
USER 65534:65534
WORKDIR /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=300s --retries=3 CMD ["rasid", "health"]
ENTRYPOINT ["rasid"]
CMD ["run"]
