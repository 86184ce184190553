import { ConfigurationError, Environment } from '../config/environment.js';
import { logFromEnvironment, parseBrokers } from './open-log.js';

describe('log from the environment', () => {
  it.each([
    [{ EVENT_LOG: 'kafka' }, 'KAFKA_BROKERS'],
    [{ EVENT_LOG: 'kafka', KAFKA_BROKERS: 'localhost' }, 'KAFKA_BROKERS'],
    [{ EVENT_LOG: 'kafka', KAFKA_BROKERS: 'a:1,' }, 'KAFKA_BROKERS'],
    [{ EVENT_LOG: 'nats' }, 'EVENT_LOG'],
    [{}, 'LOG_DATABASE_URL'],
    [{ LOG_DATABASE_URL: 'http://x' }, 'LOG_DATABASE_URL'],
  ])('of %j names what is wrong: %s', async (variables, name) => {
    const opening = logFromEnvironment(new Environment(variables), 'spec');
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(name);
  });

  it('reads several brokers', () => {
    expect(parseBrokers('a:9092, b.example:19092')).toEqual(['a:9092', 'b.example:19092']);
  });
});
