/**
 * The versions of gocraft/work that stand for a dialect, the best first: its last tag, which `go get` resolves to, and its
 * master. The last commit of master cannot be had everywhere; the one before it with the same calls differs in how it reads
 * periodic specs of five fields (`cron`).
 */
export const candidatesOf = {
  'v0.5.1': [{ name: 'v0.5.1', modfile: 'go.mod', tags: [], cron: 'seconds first' }],
  master: [
    // Its own checksum is not kept: Go asks its checksum database.
    { name: '5959e69', modfile: 'last-master.mod', tags: ['master'], cron: 'minutes first', adds: true },
    { name: 'c85b71e', modfile: 'master.mod', tags: ['master'], cron: 'seconds first' },
  ],
};
