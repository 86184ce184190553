// The `meterbook` command: each verb is one file of commands/. Exit code 0 is success, 1 a failed check, 2 a fault.
import { Command } from 'commander';
import { newApiKey } from '#libs/http/api-key.js';
import { demo } from './commands/demo.js';
import { importCatalog } from './commands/import-catalog.js';
import { load } from './commands/load.js';
import { checkCatalog, publishCatalog } from './commands/publish-catalog.js';
import { scoreFormatsOf } from './commands/score-formats.js';
import { scoreLedger } from './commands/score-ledger.js';
import { scorePrices } from './commands/score-prices.js';
import { status } from './commands/status.js';
import { down, up } from './commands/up.js';
import { verify } from './commands/verify.js';
import { Progress } from './progress.js';

const program = new Command('meterbook')
  .description('Usage accounting for LLM inference: the local stack and its tools')
  .option('--home <dir>', 'home folder (default: METERBOOK_HOME or .meterbook)')
  .option('--json', 'print one JSON document instead of text', false)
  .showHelpAfterError();

interface GlobalOptions {
  readonly home?: string;
  readonly json: boolean;
}
const globals = (): GlobalOptions => program.opts<GlobalOptions>();
const progressOf = (): Progress => new Progress(process.stdout, globals().json);
const wholeNumber = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new RangeError(`"${text}" is not a whole number`);
  return Number(text);
};

program
  .command('up')
  .description(
    'start Postgres, the log, the four services and the edge, and wait until all are ready',
  )
  .option('--kafka', 'a real Kafka broker instead of the embedded log', false)
  .option('--detach', 'leave it running and return', false)
  .option('--free-ports', 'any free ports instead of 4000 to 4004', false)
  .option('--no-catalog', 'do not publish catalog/groq.yaml')
  .action(async (own) => up({ ...globals(), ...own }, progressOf()));

program
  .command('down')
  .description('stop what this home started')
  .option('--wipe', 'delete its data too', false)
  .action(async (own) => down({ ...globals(), ...own }, progressOf()));

program
  .command('demo')
  .description(
    'traffic of three customers counted, limited and billed, with a crash in the middle, and checked',
  )
  .option('--kafka', 'on a real Kafka broker', false)
  .option('--events <n>', 'unique events', wholeNumber, 50_000)
  .option('--seed <n>', 'of the traffic', wholeNumber, 20_261_125)
  .option('--keep', 'keep the stack running at the end', false)
  .action(async (own) => exitWith(await demo({ ...globals(), ...own }, progressOf())));

program
  .command('load')
  .description('play a public request trace at a running stack and compare')
  .requiredOption('--trace <file>', 'Azure, Mooncake, vLLM or BurstGPT format, plain or gzip')
  .option('--speed <n>', 'times the speed of the trace (default: as fast as it goes)', Number)
  .option('--direct', 'straight into Kafka, past ingest', false)
  .option('--organization <id>', 'whom it is counted for', `org_load_${Date.now().toString(36)}`)
  .option('--tier <name>', 'tier of a new organization', 'developer')
  .option('--model <id>', 'model of every request', 'openai/gpt-oss-120b')
  .option('--batch <n>', 'events a request', wholeNumber, 1_000)
  .action(async (own) => exitWith(await load({ ...globals(), ...own }, progressOf())));

program
  .command('status')
  .description('readiness, lag and halts of the running stack')
  .action(async () => exitWith(await status(globals(), progressOf())));

program
  .command('verify')
  .description('make issued invoices again from the log, and name what differs')
  .argument('[number...]', 'invoices, such as MB-2026-000001')
  .option('--period <month>', 'every invoice of a month, such as 2026-11')
  .action(async (numbers: readonly string[], own) =>
    exitWith(await verify({ ...globals(), ...own, numbers }, progressOf())),
  );

program
  .command('score-formats')
  .description("read a collection of providers' usage objects with known answers, and count")
  .option('--data <dir>', 'its folder', '../shared/data/usage')
  .option('--write <file>', 'put the table into this document, such as docs/usage-formats.md')
  .action(async (own) => exitWith(await scoreFormatsOf(own, progressOf())));

const listOf = (value: string, before: readonly string[] = []): string[] => [...before, value];

const catalog = program.command('catalog').description('catalog documents: check, publish, import');

catalog
  .command('check')
  .description('name every fault of a document with its line; needs no stack')
  .argument('<file>', 'YAML, or JSON when it ends in .json')
  .action(async (file: string) => exitWith(await checkCatalog(file, progressOf())));

catalog
  .command('publish')
  .description('publish a document to the running stack, and show what it changes')
  .argument('<file>', 'YAML, or JSON when it ends in .json')
  .option('--dry-run', 'only show what it would change', false)
  .action(async (file: string, own) =>
    exitWith(await publishCatalog({ ...globals(), ...own, file }, progressOf())),
  );

catalog
  .command('import')
  .description('a public price list as a catalog document, and what of it is not taken and why')
  .argument('<list>', 'litellm or genai-prices')
  .argument('<file>', 'the list, plain or gzip')
  .option('--out <file>', 'where the YAML document goes (default: standard output)')
  .option('--report <file>', 'what is not taken and why, a line each (default: standard error)')
  .option('--provider <name>', 'only this provider; may be given more than once', listOf, [])
  .option('--as-of <day>', 'the day of the list, 2026-08-06')
  .option('--version <name>', 'the version of the document')
  .option('--effective-from <instant>', 'a whole UTC hour (default: the next one)')
  .option('--free', 'take entries whose every price is 0', false)
  .action(async (list: string, file: string, own) => {
    if (list !== 'litellm' && list !== 'genai-prices')
      throw new RangeError(`"${list}" is no list: litellm or genai-prices`);
    exitWith(await importCatalog({ ...own, list, file }, progressOf()));
  });

program
  .command('score-prices')
  .description('import the public price lists, count what is not taken, price known calls again')
  .option('--data <dir>', 'the folder of public data', '../shared/data')
  .option('--write <file>', 'put the score into this document, such as docs/price-lists.md')
  .action(async (own) => exitWith(await scorePrices(own, progressOf())));

program
  .command('score-ledger')
  .description('load a public ledger of paid calls as usage, price it, and compare row by row')
  .option(
    '--file <file>',
    'the ledger',
    '../shared/data/ledgers/aider_requests_2024-08_2025-03-15.csv.gz',
  )
  .option('--write <file>', 'put the score into this document, such as docs/ledgers.md')
  .action(async (own) => exitWith(await scoreLedger(own, progressOf())));

program
  .command('key')
  .description('make an admin key for MB_ADMIN_KEY')
  .action(() => void process.stdout.write(`${newApiKey().key}\n`));

function exitWith(isGood: boolean): void {
  process.exitCode = isGood ? 0 : 1;
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`meterbook: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
