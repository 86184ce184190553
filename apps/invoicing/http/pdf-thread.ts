// The printing thread: texts come as messages, bytes go back.
import { parentPort } from 'node:worker_threads';
import type { Printed } from '../domain/printed-document.js';
import { renderPdf } from './pdf-render.js';

parentPort?.on('message', (printed: Printed) => {
  renderPdf(printed).then(
    (bytes) => parentPort?.postMessage({ bytes }, []),
    (error: unknown) => parentPort?.postMessage({ error: String(error) }, []),
  );
});
