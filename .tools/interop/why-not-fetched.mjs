/** What Go says of a module that it could not get: from a proxy, the checksum database, or where its source is. */
const FETCHING_FAILED = [
  /module lookup disabled by GOPROXY=off/,
  /\b(?:Get|Head|Post) "?\w+:\/\//, // and then what the network said
  /\breading https?:\/\/\S+: [45]\d\d /,
  /\bread "https?:\/\//, // whose end did not come
  /\breading file:\/\/\S+: no such file or directory/,
  /\bgit [\w-]+ [^]*: exit status \d+/,
  /"git": executable file not found/,
];

/**
 * Why `go` could not get the modules, in one line, of what it wrote when it failed; undefined where anything else is wrong, or
 * is not known to be this: a wrong checksum, or a mistake in our own programs, must not pass for a missing network.
 */
export function whyNotFetched(text) {
  const [end, ...lines] = text.split('\n');
  if (end.endsWith(' did not end in time:')) return 'Go did not get it in time.';
  const complaints = complaintsOf(lines);
  if (complaints.length === 0 || !complaints.every(isOfFetching)) return undefined;
  return complaints[0].replace(/\s+/g, ' ').replace(/\.?$/, '.');
}

const isOfFetching = (complaint) => FETCHING_FAILED.some((pattern) => pattern.test(complaint));

/** Without their place in our sources. What belongs to one is indented. */
function complaintsOf(lines) {
  return lines
    .join('\n')
    .split(/\n(?!\t)/)
    .filter((complaint) => complaint.trim() !== '' && !complaint.startsWith('go: downloading '))
    .map((complaint) => complaint.replace(/^(?:\S+\.go:\d+:\d+|go): /, ''));
}
