#!/bin/bash
# Other vendors' clients publish to a fresh stack, unchanged, and metering counts what they sent. Needs npm, PyPI and a build.
# kcat produces straight to the topic: Java 17 and Maven run the broker, apt-get installs kcat where it is missing.
# Usage: tools/other-doors/check.sh [folder for what is installed]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${1:-$(mktemp -d)}
home=$(mktemp -d)
chmod 755 "$home" # Postgres may run as another user
cli="node --enable-source-maps $root/dist/apps/cli/main.js --home $home"
unset NODE_OPTIONS
export LITELLM_LOCAL_MODEL_COST_MAP=True # prices are ours: no download
trap '$cli down >/dev/null 2>&1 || true; rm -rf "$home"' EXIT

command -v kcat >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends kcat; } >/dev/null
[ -d "$work/venv" ] || python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check openmeter==1.0.0b236 litellm==1.110.2 cloudevents==1.13.0 requests
mkdir -p "$work/npm"
(cd "$work/npm" && { [ -f package.json ] || npm init -y >/dev/null; } && npm install --silent --no-audit --no-fund @openmeter/sdk@1.0.0-beta.232 cloudevents@10.0.0)
cp "$here/publish.mjs" "$work/npm/publish.mjs"

(cd "$root" && $cli up --kafka --free-ports --detach >"$home.log" 2>&1) || { cat "$home.log"; exit 2; }
ask() { curl -sS -H "authorization: Bearer $admin" "$@"; }
admin=$(cat "$home/admin-key")
at() { python3 -c "import json;print(json.load(open('$home/endpoints.json'))['$1'])"; }
ingest=$(at ingest)
metering=$(at metering)
brokers=$(at kafka)
ask -X PUT "$ingest/v1/organizations/org_doors" -H 'content-type: application/json' \
  -d '{"name":"Doors","currency":"USD","tier":"developer","profile":"openai"}' >/dev/null
key=$(ask -X POST "$ingest/v1/organizations/org_doors/api-keys" -H 'content-type: application/json' \
  -d '{"name":"doors","scopes":["usage:write"]}' | python3 -c 'import json,sys;print(json.load(sys.stdin)["key"])')

passed=0
failed=0
check() { if "${@:2}"; then echo "ok      $1"; passed=$((passed + 1)); else echo "FAILED  $1"; failed=$((failed + 1)); fi; }
check 'Python: openmeter, litellm, cloudevents' "$work/venv/bin/python" "$here/publish.py" "$ingest" "$key" run
check 'JavaScript: @openmeter/sdk, cloudevents' node "$work/npm/publish.mjs" "$ingest" "$key" run

# The record is the event itself under its organization as key; every codec that kcat has is read.
# The first is sent again by librdkafka's own partitioner, as a rule to another partition: it counts once.
time=$(date -u +%Y-%m-%dT%H:%M:%SZ)
kcat_event() { # id, options of kcat …
  printf 'org_doors|{"specversion":"1.0","type":"dev.meterbook.usage.v1","source":"kcat","id":"%s","subject":"org_doors","time":"%s","data":{"model":"gpt-4o","tokens":{"input":7,"output":5}}}\n' "$1" "$time" |
    kcat -q -b "$brokers" -P -t usage.recorded -K '|' "${@:2}"
}
kcat_all() {
  kcat_event kcat-1 -X partitioner=murmur2_random && kcat_event kcat-1 -X partitioner=consistent &&
    kcat_event kcat-2 -z gzip && kcat_event kcat-3 -z snappy && kcat_event kcat-4 -z lz4 && kcat_event kcat-5 -z zstd
}
check 'kcat: straight to the topic, with every codec' kcat_all

# Python 300 + 30/12 + 2 × 7/5; JavaScript 2,100/850 + 2 × 7/5: 2,458 input and 882 output of 11 requests. kcat 5 × 7/5.
counted() {
  for _ in $(seq 50); do
    got=$(ask "$metering/v1/usage?organization=org_doors&from=2026-01-01T00:00:00Z&to=2036-01-01T00:00:00Z" |
      python3 -c 'import json,sys
d=json.load(sys.stdin)["data"]
print(sum(r["requests"] for r in d), sum(r["tokens"]["input"] for r in d), sum(r["tokens"]["output"] for r in d))')
    [ "$got" = '16 2493 907' ] && return 0
    sleep 0.2
  done
  echo "        metering counts $got, sent 16 2493 907"
  return 1
}
check 'metering counts each event once, to the token' counted
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
