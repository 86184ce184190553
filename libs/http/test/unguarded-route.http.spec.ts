import { Controller, Get } from '@nestjs/common';
import { createLogger } from '../../telemetry/logger.js';
import { Metrics } from '../../telemetry/metrics.js';
import { createApp, serve } from '../app.js';
import { authProviders } from '../auth.js';
import { KeyDirectory } from '../keys.js';
import { Tried } from './app-stand.js';
import { admin, FixedKeys, now } from './stand-keys.js';

describe('a route that says neither its scope nor that it is public', () => {
  @Controller('v1/forgotten')
  class ForgottenController {
    @Get()
    read(): string {
      return 'x';
    }
  }

  it('stops the start of a service', async () => {
    const module = {
      module: Tried,
      controllers: [ForgottenController],
      providers: [
        ...authProviders(admin.key, () => now),
        { provide: KeyDirectory, useClass: FixedKeys },
      ],
    };
    const options = {
      name: 'test',
      logger: createLogger('test', 'silent'),
      metrics: new Metrics('test'),
    };
    const app = await createApp(module, options);
    await expect(serve(app, { host: '127.0.0.1', port: 0 })).rejects.toThrow(
      'needs @RequireScope or @Public',
    );
    await app.close();
  });
});
