/**
 * A path or a URL as a word of a shell command, so that a command that is suggested can be pasted as it is.
 */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
