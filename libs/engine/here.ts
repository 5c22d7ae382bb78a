/** The folder that holds the engine's files: where the file of a worker thread is found. The build makes `import.meta.dirname` of it for the ES modules. */
export const here: string = __dirname;
