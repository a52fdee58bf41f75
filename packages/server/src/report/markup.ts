/** Text that is HTML already. */
export interface Markup {
  readonly html: string;
}

/** What may stand in a template: text, which is escaped, or HTML, which is not. */
export type Content = string | number | Markup | readonly Content[];

/**
 * A piece of HTML. Whatever is put into it is escaped unless it is HTML itself, so that a requester's name or a statute can't
 * be anything but text, in an element as well as in a quoted attribute.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { html: strings.map((text, at) => text + textOf(values[at] ?? '')).join('') };
}

/** Marks text as HTML: only for what is made by this program or by the library that draws its charts. */
export function trusted(text: string): Markup {
  return { html: text };
}

/** Invisible characters that could turn the text around them the other way or hide part of it. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text as HTML; characters that can't be seen are written out as in `\u202e`. */
export function escapeHtml(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Text with characters that can't be seen written out as in `\u202e`; line feeds stay. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character === '\n' ? character : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

function textOf(value: Content): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if ('html' in value) return value.html;
  return value.map(textOf).join('');
}
