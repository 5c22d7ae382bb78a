// Must not compile: each line that is marked so, and no other.
import { Enqueuer } from 'nestjs-work';
import { Enqueuer as EngineEnqueuer } from 'nestjs-work/engine';
import { ResizeDto } from 'dto-package';
import './app.js';

export async function wrong(enqueuer: Enqueuer): Promise<EngineEnqueuer> {
  await enqueuer.enqueue('add', { left: 1, right: 2 });
  await enqueuer.enqueue('add', { left: 1 }); // wrong
  await enqueuer.enqueue('add', { left: 1, right: '2' }); // wrong
  await enqueuer.enqueueIn('add', '5 parsecs', { left: 1, right: 2 }); // wrong
  await enqueuer.enqueue('undeclared', { anything: 'goes' });
  await enqueuer.enqueue('undeclared', 'but no text'); // wrong
  await enqueuer.enqueued('add'); // wrong
  await enqueuer.enqueue('resize', Object.assign(new ResizeDto(), { width: 3 }));
  await enqueuer.enqueue('resize', { width: '3' }); // wrong
  return enqueuer;
}
