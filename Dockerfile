# syntax=docker/dockerfile:1

FROM debian:12-slim AS build
WORKDIR /src
# What it is built with is a layer of its own, which changes in the sources leave as it is.
COPY host/setup.sh host/packages.txt host/
RUN bash -c 'source host/setup.sh && ensure_packages host/packages.txt <(echo dpkg-dev file)' \
    && rm -rf /var/lib/apt/lists/*
COPY . .
RUN --mount=type=cache,target=/root/.cache/ccache \
    cmake --preset release -D UHOST_BUILD_TESTS=OFF \
    && cmake --build --preset release --target runtime \
    && cd build/release \
    && cpack -G DEB

# What runs: the Debian package, as a user that may write nothing but its state. A repository is mounted at /work.
FROM debian:12-slim AS runtime
RUN --mount=type=bind,from=build,source=/src/build/release/packages,target=/packages \
    apt-get update \
    && apt-get install -y --no-install-recommends libjs-dygraphs /packages/*.deb \
    && rm -rf /var/lib/apt/lists/*
# The repository belongs to whoever mounts it, another user than this one.
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/uhost --shell /usr/sbin/nologin uhost \
    && git config --system --add safe.directory /work
ENV LANG=C.UTF-8 UHOST_STATE=/var/lib/uhost/state
USER 10001
WORKDIR /work
ENTRYPOINT ["/usr/bin/uhost"]
CMD ["--help"]
