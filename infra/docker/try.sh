#!/usr/bin/env bash
# Tries the image, the compose file and the testcontainers specs where no image can be pulled: Debian's Docker engine, and STAND-IN base
# images under the names that a user's machine would pull. What ships stays ordinary; only the base differs here.
#   infra/docker/try.sh [folder]     needs root, apt, Go and Maven; about 10 minutes the first time. Stops the engine it started.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=${1:-/var/tmp/meterbook-docker}
here=infra/docker/stand-in
mkdir -p "$work"
export DOCKER_HOST="unix://$work/docker.sock" DOCKER_BUILDKIT=1
# Another `docker` may stand first on the path; Debian's client is the one that needs no buildx.
docker() { /usr/bin/docker "$@"; }
say() { echo "== $*"; }

say "THE BASE IMAGES ARE STAND-INS made from Debian packages, not the published ones"
if ! command -v dockerd >/dev/null || ! command -v debootstrap >/dev/null; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends docker.io debootstrap
fi
if ! docker info >/dev/null 2>&1; then
  say "engine"
  dockerd --data-root "$work/data" --exec-root "$work/exec" --host "$DOCKER_HOST" --pidfile "$work/docker.pid" >"$work/dockerd.log" 2>&1 &
  trap 'kill "$(cat "$work/docker.pid")" && wait' EXIT
  for _ in $(seq 60); do docker info >/dev/null 2>&1 && break; sleep 0.5; done
fi

root() { # name, extra packages: a Debian root file system as an image
  local folder="$work/root-$1" mirror
  docker image inspect "standin/$1" >/dev/null 2>&1 && return
  say "root file system for $1"
  mirror=$(sed -n 's/^URIs: *//p; s/^deb \([^ ]*\) .*/\1/p' /etc/apt/sources.list.d/* /etc/apt/sources.list 2>/dev/null | head -n 1 || true)
  rm -rf "$folder"
  debootstrap --variant=minbase ${2:+--include="$2"} bookworm "$folder" "$mirror" >"$work/debootstrap-$1.log"
  tar -C "$folder" -c . | docker import - "standin/$1" >/dev/null
}

image() { # tag, folder with a Dockerfile
  docker build -q -t "$1" "$2" >/dev/null && say "$1 (stand-in)"
}

root node ca-certificates
root postgres postgresql-15,gosu
root kafka openjdk-17-jre-headless

context="$work/context-node" && rm -rf "$context" && mkdir -p "$context"
cp node_modules/node/bin/node "$context/node"
cp -r "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$context/npm"
printf '%s\n' 'FROM standin/node' 'COPY node /usr/local/bin/node' 'COPY npm /usr/local/lib/node_modules/npm' \
  'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm' 'ENV PATH=/usr/local/bin:/usr/bin:/bin' >"$context/Dockerfile"
image node:24-bookworm-slim "$context"

context="$work/context-postgres" && rm -rf "$context" && mkdir -p "$context"
cp $here/postgres-entrypoint.sh "$context/entrypoint.sh"
printf '%s\n' 'FROM standin/postgres' 'COPY --chmod=755 entrypoint.sh /usr/local/bin/entrypoint.sh' \
  'ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/usr/lib/postgresql/15/bin' \
  'ENTRYPOINT ["entrypoint.sh"]' 'CMD ["postgres"]' 'EXPOSE 5432' >"$context/Dockerfile"
image postgres:17 "$context"

context="$work/context-kafka" && rm -rf "$context" && mkdir -p "$context"
cp $here/kafka-entrypoint.sh "$context/entrypoint.sh"
cp $here/kafka-broker-api-versions.sh infra/kafka/log4j2.yaml "$context/"
mvn -q -B -f infra/kafka/pom.xml dependency:copy-dependencies -DoutputDirectory="$context/libs" -DincludeScope=runtime
printf '%s\n' 'FROM standin/kafka' 'COPY libs /opt/kafka/libs' 'COPY log4j2.yaml /opt/kafka/log4j2.yaml' \
  'COPY --chmod=755 entrypoint.sh /usr/local/bin/entrypoint.sh' \
  'COPY --chmod=755 kafka-broker-api-versions.sh /opt/kafka/bin/kafka-broker-api-versions.sh' \
  'ENV PATH=/usr/local/bin:/usr/bin:/bin' 'ENTRYPOINT ["entrypoint.sh"]' 'EXPOSE 9092' >"$context/Dockerfile"
image apache/kafka:4.3.1 "$context"

compose="$work/docker-compose"
if [ ! -x "$compose" ]; then
  say "docker compose, built from the Go module proxy (4 minutes)"
  module="$work/compose" && mkdir -p "$module"
  printf '%s\n' 'module try' 'go 1.24' 'require github.com/docker/compose/v2 v2.39.4' >"$module/go.mod"
  printf '%s\n' 'package main' 'import _ "github.com/docker/compose/v2/cmd"' 'func main() {}' >"$module/main.go"
  (cd "$module" && go mod tidy >"$work/go.log" 2>&1 && CGO_ENABLED=0 go build -o "$compose" github.com/docker/compose/v2/cmd)
fi

say "the image, as it ships"
docker build -q --network=host -t meterbook:local -f infra/docker/Dockerfile \
  --build-arg NODE_EXTRA_CA_CERTS=/run/secrets/ca.pem \
  --secret id=npmrc,src="$(npm config get userconfig)" \
  --secret id=ca,src="${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" .

say "compose up"
MB_ADMIN_KEY=$(npm run --silent meterbook -- key)
POSTGRES_PASSWORD=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
SESSION_SECRET=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
export MB_ADMIN_KEY POSTGRES_PASSWORD SESSION_SECRET
started=$SECONDS
"$compose" up --detach --wait --no-build --pull never
say "all healthy after $((SECONDS - started)) s"
node infra/docker/try-check.mjs "$MB_ADMIN_KEY" && result=0 || result=$?
"$compose" logs --no-color >"$work/compose.log" 2>&1
"$compose" down --volumes
if [ $result = 0 ]; then say "compose works"; else say "compose FAILED, see $work/compose.log"; exit $result; fi

say "the specs on containers (testcontainers)"
TESTCONTAINERS_RYUK_DISABLED=true npm test -- --selectProjects servers --testPathPatterns libs/database libs/log
