/** What Redis confirmed of one call: jobs written, and unique ones that were waiting already. */
export interface EnqueueEvent {
  readonly type: 'jobs_enqueued';
  readonly jobName: string;
  readonly written: number;
  readonly duplicates: number;
}
