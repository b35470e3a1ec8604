import { readdirSync, readFileSync } from 'node:fs';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { LANGUAGES } from '@src/i18n';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const shop = 'apps/storefront';
const catalog = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(`${shop}/src/locales/${language}.json`, 'utf8'));
const english = catalog('en');

/** Texts that are the same in every language, and why. */
const SAME_EVERYWHERE: Record<string, string> = {
  'nav.shop': 'a German says Shop, too',
};

/** What a text has places for: values by name, elements by number, and the kinds of its plurals and choices. */
function places(text: string): string[] {
  const values = (part: unknown): string[] => {
    if (!Array.isArray(part)) return [];
    const [name, kind, choices] = part as [unknown, unknown, unknown];
    if (typeof name === 'string' && part.every(inner => !Array.isArray(inner)) && part.length <= 3) {
      const within =
        choices && typeof choices === 'object' ? Object.values(choices).flatMap(choice => nested(choice)) : [];
      return [`${name}${kind ? ` (${kind})` : ''}`, ...within];
    }
    return nested(part);
  };
  const nested = (parts: unknown): string[] => (Array.isArray(parts) ? parts.flatMap(values) : []);
  const elements = text.match(/<\/?\d+\/?>/g) ?? [];
  return [...new Set([...nested(compileMessage(text)), ...elements])].toSorted();
}

const sources = (['app', 'src'] as const).flatMap(folder =>
  readdirSync(`${shop}/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter(path => /\.tsx?$/.test(path))
    .map(path => ({ path: `${folder}/${path}`, code: readFileSync(`${shop}/${folder}/${path}`, 'utf8') })),
);

it('has a catalog for each language that it offers, and no other', () => {
  const files = readdirSync(`${shop}/src/locales`);
  expect(files.toSorted()).toEqual(
    Object.keys(LANGUAGES)
      .map(language => `${language}.json`)
      .toSorted(),
  );
});

describe.each(Object.keys(LANGUAGES))('%s', language => {
  const texts = catalog(language);

  it('has the texts of the English catalog, in the order of their names', () => {
    expect(Object.keys(texts)).toEqual(Object.keys(english).toSorted());
  });

  it('has texts that compile, with the places of the English ones', () => {
    for (const [id, text] of Object.entries(texts)) {
      expect(compileMessage(text), id).not.toEqual([]);
      expect(places(text), id).toEqual(places(english[id] as string));
    }
  });

  it('has no text left in English', () => {
    const same = Object.keys(texts).filter(id => language !== 'en' && texts[id] === english[id]);
    expect(same.filter(id => !(id in SAME_EVERYWHERE))).toEqual([]);
  });
});

it('finds the places of a text', () => {
  expect(places('{who} is <0>acting</0> for {customer}.')).toEqual(['</0>', '<0>', 'customer', 'who']);
  expect(places('{left, plural, one {# of {all}} other {#}}')).toContain('left (plural)');
});

it('shows every text that there is', () => {
  const code = sources.map(source => source.code).join('\n');
  const isNamed = (name: string) => code.includes(`'${name}'`) || code.includes(`"${name}"`);
  // `register.${field}` shows the texts whose last part is named somewhere, `product.${id}.about` those of the goods.
  const prefixes = [...code.matchAll(/`([a-z]\w*\.)\$\{/gi)].map(([, prefix]) => prefix as string);
  const isPutTogether = (id: string) =>
    prefixes.some(prefix => id.startsWith(prefix) && isNamed(id.slice(prefix.length).replace(/\.about$/, '')));
  expect(Object.keys(english).filter(id => !isNamed(id) && !isPutTogether(id))).toEqual([]);
});

/** Attributes whose value people see or hear. */
const SPOKEN = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'label',
  'placeholder',
  'title',
]);

function literalTexts(path: string, code: string): string[] {
  const found: string[] = [];
  const isWords = (text: string) => /\p{L}{2}/u.test(text);
  const visit = (node: ts.Node) => {
    if (ts.isJsxText(node) && isWords(node.text)) found.push(`${path}: ${node.text.trim()}`);
    if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText())) {
      const value = node.initializer;
      const literal = value && ts.isJsxExpression(value) ? value.expression : value;
      if (literal && ts.isStringLiteralLike(literal) && isWords(literal.text) && !(literal.text in english))
        found.push(`${path}: ${node.getText()}`);
    }
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && node.expression)
      if (ts.isStringLiteralLike(node.expression) && isWords(node.expression.text))
        found.push(`${path}: ${node.expression.text}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

it('has no words outside the catalogs', () => {
  expect(sources.flatMap(({ path, code }) => literalTexts(path, code))).toEqual([]);
});

it('notices words outside the catalogs', () => {
  const code = `const a = <p title="Nice day" id="x">Hello <b>{'there'}</b> {name} · <Text id="nav.shop" /></p>;`;
  expect(literalTexts('a.tsx', code)).toEqual(['a.tsx: title="Nice day"', 'a.tsx: Hello', 'a.tsx: there']);
});
