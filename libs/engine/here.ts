/**
 * The folder that holds the engine's files: where the file of a worker thread is found. For the ES modules the build makes
 * `import.meta.dirname` of it.
 */
export const here: string = __dirname;
