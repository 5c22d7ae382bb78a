export { Waker } from './waker.js';
