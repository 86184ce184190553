import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ProjectionServer } from '../projection-server.js';
import { Bench, tally, until } from './tally.js';

@Module({})
class EmptyModule {}

describe('projection server', () => {
  it('starts projections with the app, stops them with it, and exits 70 when one dies', async () => {
    const bench = await Bench.open(1);
    const exits: number[] = [];
    try {
      await bench.append(0, 5);
      const runner = bench.runner(tally());
      const server = new ProjectionServer([runner], (code) => exits.push(code));
      const app = await NestFactory.createMicroservice(EmptyModule, {
        strategy: server,
        logger: false,
      });
      await app.listen();
      await until(async () => (await bench.position()) === 5);
      await until(() => server.reasonsNotReady().length === 0);
      await app.close();
      await bench.append(0, 5);
      await new Promise((resolve) => {
        setTimeout(resolve, 200);
      });
      expect(await bench.position()).toBe(5);
      expect(exits).toEqual([]);
      const { log } = bench;
      log.consume = async (options) => {
        options.onCrash(new Error('gone'));
        return { stop: async () => undefined, seek: () => undefined } as never;
      };
      const dying = bench.runner(tally());
      const second = new ProjectionServer([dying], (code) => exits.push(code));
      await new Promise<void>((resolve) => {
        second.listen(() => resolve());
      });
      expect(exits).toEqual([70]);
    } finally {
      await bench.close();
    }
  });

  it('fails to listen when a projection cannot start', async () => {
    const bench = await Bench.open(1);
    try {
      const runner = bench.runner(tally());
      bench.log.consume = async () => {
        throw new Error('no brokers');
      };
      const error = await new Promise((resolve) => {
        new ProjectionServer([runner]).listen(resolve);
      });
      expect(error).toEqual(new Error('no brokers'));
    } finally {
      await bench.close();
    }
  });
});
