import { quoted } from '#protocol';

export const named = (jobName: string): string => `Job ${quoted(jobName)}`;

export const redisAt = (target: string | undefined): string => (target === undefined ? 'Redis' : `Redis at ${target}`);

/** What is to be followed by other words, without the full stops at its end. */
export const clause = (text: string): string => text.replace(/\.+$/, '');

/** One after the other, those that are empty left out. */
export const sentences = (...all: readonly string[]): string => all.filter((each) => each !== '').join(' ');
