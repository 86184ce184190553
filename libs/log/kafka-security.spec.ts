import { Environment, ConfigurationError } from '../config/environment.js';
import { kafkaSecurity } from './kafka-security.js';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const FILES: Readonly<Record<string, string>> = {
  '/ca.pem': PEM,
  '/cert.pem': PEM,
  '/key.pem': '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n',
  '/password': 'from a file\n',
  '/empty': '\n',
  '/note.txt': 'no certificate',
};

function read(path: string): string {
  const text = FILES[path];
  if (text === undefined) throw Object.assign(new Error('absent'), { code: 'ENOENT' });
  return text;
}

const of = (variables: Record<string, string>) =>
  kafkaSecurity(new Environment({ KAFKA_BROKERS: 'kafka.example:9093', ...variables }), read);

const SCRAM = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'metering' };
const CHECKED = { rejectUnauthorized: true, minVersion: 'TLSv1.2' };

describe('security of the connections to Kafka', () => {
  it.each([
    // variables, what kafkajs is given
    [{}, {}],
    [{ KAFKA_TLS: 'false' }, {}],
    [{ KAFKA_TLS: 'true' }, { ssl: CHECKED }],
    [{ KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: '/ca.pem' }, { ssl: { ...CHECKED, ca: PEM } }],
    [
      { ...SCRAM, KAFKA_SASL_PASSWORD: 'given' },
      { sasl: { mechanism: 'scram-sha-512', username: 'metering', password: 'given' } },
    ],
    [
      { ...SCRAM, KAFKA_SASL_MECHANISM: 'scram-sha-256', KAFKA_SASL_PASSWORD_FILE: '/password' },
      { sasl: { mechanism: 'scram-sha-256', username: 'metering', password: 'from a file' } },
    ],
    [
      { ...SCRAM, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 'p', KAFKA_TLS: 'true' },
      { ssl: CHECKED, sasl: { mechanism: 'plain', username: 'metering', password: 'p' } },
    ],
    [
      {
        ...SCRAM,
        KAFKA_SASL_MECHANISM: 'plain',
        KAFKA_SASL_PASSWORD: 'p',
        KAFKA_BROKERS: 'localhost:9092,[::1]:9092,127.0.0.1:9093',
      },
      { sasl: { mechanism: 'plain', username: 'metering', password: 'p' } },
    ],
  ])('of %j is %j', (variables, security) => {
    expect(of(variables)).toEqual(security);
  });

  it.each([
    [{ KAFKA_TLS: 'yes' }, 'KAFKA_TLS must be one of true, false'],
    [{ KAFKA_TLS_CA_FILE: '/ca.pem' }, 'KAFKA_TLS_CA_FILE needs KAFKA_TLS=true'],
    [
      { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: '/no' },
      'KAFKA_TLS_CA_FILE cannot be read: ENOENT (/no)',
    ],
    [{ KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: '/note.txt' }, 'KAFKA_TLS_CA_FILE is not a PEM file'],
    [
      { KAFKA_TLS: 'true', KAFKA_TLS_CERT_FILE: '/cert.pem' },
      'KAFKA_TLS_CERT_FILE needs KAFKA_TLS_KEY_FILE',
    ],
    [
      { KAFKA_TLS: 'true', KAFKA_TLS_KEY_FILE: '/key.pem' },
      'KAFKA_TLS_KEY_FILE needs KAFKA_TLS_CERT_FILE',
    ],
    [
      { KAFKA_TLS: 'true', KAFKA_TLS_CERT_FILE: '/cert.pem', KAFKA_TLS_KEY_FILE: '/key.pem' },
      'KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE are not a certificate and its key',
    ],
    [{ KAFKA_SASL_USERNAME: 'u' }, 'KAFKA_SASL_USERNAME needs KAFKA_SASL_MECHANISM'],
    [{ KAFKA_SASL_PASSWORD: 'p' }, 'KAFKA_SASL_PASSWORD needs KAFKA_SASL_MECHANISM'],
    [{ ...SCRAM, KAFKA_SASL_MECHANISM: 'oauth' }, 'KAFKA_SASL_MECHANISM must be one of plain'],
    [{ KAFKA_SASL_MECHANISM: 'scram-sha-512' }, 'KAFKA_SASL_USERNAME must be set'],
    [SCRAM, 'KAFKA_SASL_PASSWORD_FILE or KAFKA_SASL_PASSWORD must be set'],
    [
      { ...SCRAM, KAFKA_SASL_PASSWORD: 'p', KAFKA_SASL_PASSWORD_FILE: '/password' },
      'KAFKA_SASL_PASSWORD and KAFKA_SASL_PASSWORD_FILE are both set',
    ],
    [{ ...SCRAM, KAFKA_SASL_PASSWORD_FILE: '/empty' }, 'KAFKA_SASL_PASSWORD_FILE is empty'],
    [
      { ...SCRAM, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 'p' },
      'KAFKA_SASL_MECHANISM=plain sends the password as it is',
    ],
  ])('of %j is refused by name: %s', (variables, message) => {
    expect(() => of(variables)).toThrow(ConfigurationError);
    expect(() => of(variables)).toThrow(message);
  });

  it('never shows a password in what it refuses', () => {
    const variables = { ...SCRAM, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 'hunter2' };
    expect(() => of(variables)).toThrow(expect.not.stringContaining('hunter2'));
  });
});
