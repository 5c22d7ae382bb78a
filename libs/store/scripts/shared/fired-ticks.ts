/**
 * How long it is remembered that a tick was moved or deleted. A pool can put a tick back only until it is due by that pool's
 * own time, so an hour outlasts every difference of clocks worth the name.
 */
export const FIRED_SECONDS = 3_600;
