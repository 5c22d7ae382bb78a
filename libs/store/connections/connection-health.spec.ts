import { EventEmitter } from 'node:events';
import type { WorkRedis } from '../work-redis.js';
import { ConnectionHealth } from './connection-health.js';

/** What the health sees of a connection. */
class Connection extends EventEmitter {
  status = 'connecting';

  ready(): void {
    this.status = 'ready';
    this.emit('ready');
  }

  close(): void {
    this.status = 'reconnecting';
    this.emit('close');
  }
}

const asRedis = (connection: Connection) => connection as unknown as WorkRedis;

describe('ConnectionHealth', () => {
  let nowMs: number;
  let told: string[];
  let health: ConnectionHealth;
  beforeEach(() => {
    nowMs = 0;
    told = [];
    health = new ConnectionHealth(() => nowMs);
    health.listen({ onLost: () => told.push('lost'), onBack: (downMs) => told.push(`back after ${downMs}`) });
  });

  function watched(): Connection {
    const connection = new Connection();
    health.watch(asRedis(connection));
    connection.ready();
    return connection;
  }
  const forget = (connection: Connection) => health.forget(asRedis(connection));

  it('tells the end of a loss when the last lost connection is closed on purpose and another is there', () => {
    const [a, b] = [watched(), watched()];
    a.close();
    nowMs = 10;
    forget(a);
    expect(told).toEqual(['lost', 'back after 10']);
    nowMs = 100;
    b.close();
    nowMs = 101;
    b.ready();
    expect(told).toEqual(['lost', 'back after 10', 'lost', 'back after 1']);
  });

  it('lets the loss last while none is there, until one is', () => {
    const a = watched();
    a.close();
    forget(a);
    nowMs = 10;
    watched();
    expect(told).toEqual(['lost', 'back after 10']);
  });

  it('lets it last while others are lost too', () => {
    const [a, b] = [watched(), watched()];
    watched();
    for (const lost of [a, b]) lost.close();
    forget(a);
    expect(told).toEqual(['lost']);
    nowMs = 10;
    b.ready();
    expect(told).toEqual(['lost', 'back after 10']);
  });

  it('tells nothing of a connection that is closed on purpose while none is lost', () => {
    const [a] = [watched(), watched()];
    forget(a);
    a.close();
    expect(told).toEqual([]);
  });
});
