export { Waker, type DueSet, type WakerListener, type WakerOptions } from './waker.js';
