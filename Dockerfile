# chaos with this extension. make image, or: docker build --tag chaostoolkit-image-corrupt:0.1.0 .
#
# The base is pinned by its digest. To take a newer one:
#   docker buildx imagetools inspect docker.io/library/python:3.13-slim
#   make image PYTHON_IMAGE=docker.io/library/python:3.13-slim@sha256:...
ARG PYTHON_IMAGE=docker.io/library/python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${PYTHON_IMAGE} AS build
# [report] brings what `chaos image-corrupt report` needs, 90 MB; empty does without.
ARG EXTRAS=[report]
WORKDIR /source
RUN python3 -m venv /build && python3 -m venv /opt/chaos
COPY pyproject.toml setup.cfg setup.py README.md LICENSE ./
COPY chaosimagecorrupt chaosimagecorrupt
# chaosimagecorrupt/data links to both
COPY experiments experiments
COPY deploy deploy
RUN /build/bin/pip wheel --no-cache-dir --no-deps --wheel-dir /dist .
RUN /opt/chaos/bin/pip install --no-cache-dir "$(echo /dist/*.whl)${EXTRAS}" \
    && /opt/chaos/bin/pip uninstall --yes pip

FROM ${PYTHON_IMAGE}
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="chaostoolkit-image-corrupt" \
      org.opencontainers.image.description="Chaos Toolkit with the fault of an image that cannot be pulled" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/chaos /opt/chaos
ENV PATH=/opt/chaos/bin:/usr/local/bin:/usr/bin:/bin HOME=/tmp PYTHONDONTWRITEBYTECODE=1
WORKDIR /tmp
# A number, so that runAsNonRoot can be checked; any other will do as well.
USER 10001
ENTRYPOINT ["chaos"]
