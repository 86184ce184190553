// Postgres and Kafka for tests in containers, where a Docker engine answers: the images that docker-compose.yml names.
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { GenericContainer, Wait } from 'testcontainers';
import { brokersAnswer } from '../dist/libs/log/kafka-probe.js';
import { freePort } from '../dist/libs/stack/ports.js';

const POSTGRES = 'postgres:17';
const KAFKA = 'apache/kafka:4.3.1';

/** Whether a Docker engine answers at DOCKER_HOST (a unix socket) or at the usual place. */
export async function engineAnswers() {
  const socketPath = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace(
    'unix://',
    '',
  );
  if (!existsSync(socketPath)) return false;
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    ping.on('error', () => resolve(false));
    ping.on('timeout', () => ping.destroy());
    ping.end();
  });
}

/** A started Postgres: its URL and how to stop it. */
export async function postgresContainer() {
  const container = await new PostgreSqlContainer(POSTGRES)
    .withCommand(['postgres', '-c', 'max_connections=200', '-c', 'fsync=off'])
    .start();
  return { url: container.getConnectionUri(), stop: () => container.stop() };
}

/** A started broker. The port is chosen first, since the broker must tell its clients where it is. */
export async function kafkaContainer() {
  const port = await freePort();
  const container = await new GenericContainer(KAFKA)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_LOG_DIRS: '/tmp/kafka-data',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .withWaitStrategy(Wait.forListeningPorts())
    .start();
  const brokers = `127.0.0.1:${port}`;
  // An open port is not a broker that is ready: a metadata request must answer.
  for (let tries = 0; tries < 120 && !(await brokersAnswer([brokers])); tries += 1)
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
  return { brokers, stop: () => container.stop() };
}
