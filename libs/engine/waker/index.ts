export { Waker, type WakerListener, type WakerOptions } from './waker.js';
