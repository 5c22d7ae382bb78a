// One identity of each class, however the package is loaded: Nest's tokens are classes.
import { createRequire } from 'node:module';
import * as imported from 'nestjs-work';
import * as importedEngine from 'nestjs-work/engine';

const require = createRequire(import.meta.url);
const required = require('nestjs-work');
const same = (left, right) => Object.keys(left).filter((name) => left[name] !== right[name]);
console.log(
  JSON.stringify({
    different: [...same(imported, required), ...same(importedEngine, require('nestjs-work/engine'))],
    classes: Object.keys(imported).length > 10 && Object.keys(importedEngine).length > 10,
  }),
);
