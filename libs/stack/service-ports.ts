// Where the parts of a local stack listen, and how they are told of one another.
import { freePort } from './ports.js';
import { DATA_SERVICES, SERVICES, type ServiceName } from './service-process.js';

export type ServicePorts = Readonly<Record<ServiceName, number>>;

/** Where the parts listen unless told otherwise: design.md, section 8. */
export const DEFAULT_PORTS: ServicePorts = {
  edge: 4000,
  ingest: 4001,
  metering: 4002,
  quota: 4003,
  invoicing: 4004,
};

/** The default ports, or one that is free at this moment for each part. */
export async function servicePorts(free: boolean): Promise<ServicePorts> {
  if (!free) return DEFAULT_PORTS;
  const ports: Partial<Record<ServiceName, number>> = {};
  for (const name of SERVICES) ports[name] = await freePort();
  return ports as ServicePorts;
}

export const localUrl = (port: number): string => `http://127.0.0.1:${port}`;

/** INGEST_URL, METERING_URL, QUOTA_URL and INVOICING_URL: services ask each other questions over HTTP. */
export function urlVariables(ports: ServicePorts): Record<string, string> {
  return Object.fromEntries(
    DATA_SERVICES.map((name) => [`${name.toUpperCase()}_URL`, localUrl(ports[name])]),
  );
}
