import { ConnectionLostError } from '#store';
import type { EventEmitter } from 'node:events';

/** Tells whether one of several connections is lost between `watchLoss` and `end`, also where it is back by then. */
export interface LossWatch {
  /** Aborted, with a ConnectionLostError as the reason, when the first of them is lost. */
  readonly lost: AbortSignal;
  end(): void;
}

export function watchLoss(connections: readonly Pick<EventEmitter, 'on' | 'off'>[]): LossWatch {
  const controller = new AbortController();
  const onClose = () => controller.abort(new ConnectionLostError('The connection was lost meanwhile.'));
  for (const connection of connections) connection.on('close', onClose);
  const end = () => {
    for (const connection of connections) connection.off('close', onClose);
  };
  return { lost: controller.signal, end };
}
