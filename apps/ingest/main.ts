// Starts ingest: migrations, topics, HTTP. On SIGTERM Nest stops the parts in order, then the log and the database close.
import { AccountStore } from '#libs/accounts/account.store.js';
import { StoredKeyDirectory } from '#libs/accounts/stored-key-directory.js';
import { createApp } from '#libs/http/app.js';
import { openService } from '#libs/service/opened-service.js';
import { IngestModule, PACE } from './ingest.module.js';
import { MIGRATIONS } from './store/migrations.js';

const service = await openService('ingest', MIGRATIONS);
const { environment, parts } = service;
const { requestsPerSecond, bytesPerSecond } = PACE;
const app = await createApp(
  IngestModule.with({
    ...parts,
    keys: new StoredKeyDirectory(new AccountStore(parts.source)),
    pace: {
      requestsPerSecond: environment.integer(
        'KEY_REQUESTS_PER_SECOND',
        requestsPerSecond,
        1,
        1_000_000,
      ),
      bytesPerSecond: environment.integer('KEY_BYTES_PER_SECOND', bytesPerSecond, 1),
    },
  }),
  service.options,
);
await service.serve(app, 4001);
