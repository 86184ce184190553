#!/bin/sh
# KAFKA_SOME_NAME=value becomes some.name=value, as in the official image; the storage is formatted once.
set -eu
config=/tmp/server.properties
env | sed -n 's/^KAFKA_\([A-Z0-9_]*\)=\(.*\)$/\1=\2/p' | while IFS== read -r name value; do
  echo "$(echo "$name" | tr 'A-Z_' 'a-z.')=$value"
done >$config
java() { /usr/bin/java -Xmx512m -cp '/opt/kafka/libs/*' "$@"; }
[ -f "$KAFKA_LOG_DIRS/meta.properties" ] || java kafka.tools.StorageTool format -t "$(java kafka.tools.StorageTool random-uuid)" -c $config
exec /usr/bin/java -Xmx512m -Dlog4j2.configurationFile=/opt/kafka/log4j2.yaml -cp '/opt/kafka/libs/*' kafka.Kafka $config
