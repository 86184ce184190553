import { SilenceWatch } from './silence-watch.js';

const wait = async (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

describe('silence watch', () => {
  it('speaks once, after the limit, not while there are signs or work', async () => {
    let busy = true;
    let spoken = 0;
    const watch = new SilenceWatch(
      60,
      () => busy,
      () => {
        spoken += 1;
      },
    );
    watch.start();
    await wait(150);
    busy = false;
    for (let n = 0; n < 6; n += 1) {
      await wait(25);
      watch.sign();
    }
    expect(spoken).toBe(0);
    await wait(200);
    expect(spoken).toBe(1);
  });

  it('says nothing once it is stopped', async () => {
    let spoken = 0;
    const watch = new SilenceWatch(
      20,
      () => false,
      () => {
        spoken += 1;
      },
    );
    watch.start();
    watch.stop();
    await wait(60);
    expect(spoken).toBe(0);
  });
});
