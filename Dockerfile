# The report in a container, set up by the script that sets up every other machine:
#   docker build --tag countback .
#   docker run --name countback countback && docker cp countback:/countback/_book .
# The version of Debian is pinned, its security fixes are not; Python packages are pinned by envs/requirements.lock.
FROM debian:12-slim AS report
WORKDIR /countback
# Alone, so that only a change of packages sets up anew.
COPY envs envs
RUN sh envs/setup.sh && rm -rf /var/lib/apt/lists/*

# What the tests need as well: the dev container starts from here.
FROM report AS development
RUN sh envs/setup.sh --test && rm -rf /var/lib/apt/lists/*

# Last, because docker build makes the last stage where none is named.
FROM report
COPY . .
CMD ["make", "report"]
