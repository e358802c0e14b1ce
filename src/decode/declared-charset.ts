/**
 * What a document says about its own charset (leaf of step 4): `<?xml encoding?>` of XML, `<meta>` of
 * HTML as browsers look for it before they parse (HTML §13.2.3.2). Both of its beginning alone.
 */

const XML = /^\s{0,64}<\?xml\s[^>]{0,200}?encoding\s{0,8}=\s{0,8}["']([\w.:-]{1,40})["']/i
const COMMENT = /<!(?=--)[^]*?(?:-->|$)/g
const META = /<meta(?=[\s/])((?:"[^"]*"|'[^']*'|[^"'>])*)/gi
const ATTRIBUTE = /([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]*)))?/g

/** Labels in their order; whoever asks takes the first that is one. */
export function* declaredLabels(text: string): Generator<string, void> {
  yield XML.exec(text)?.[1] ?? ''
  for (const [, attributes = ''] of text.replace(COMMENT, '').matchAll(META)) {
    const label = metaLabel(attributes)
    // Nobody means it (HTML §13.2.3.2).
    yield label === 'x-user-defined' ? 'windows-1252' : label
  }
}

function metaLabel(text: string): string {
  const found = new Map<string, string>()
  for (const [, name = '', double, single, bare] of text.matchAll(ATTRIBUTE)) {
    const lower = name.toLowerCase()
    if (!found.has(lower)) found.set(lower, double ?? single ?? bare ?? '')
  }
  const charset = found.get('charset')
  if (charset !== undefined) return charset.trim().toLowerCase()
  // A description may well speak of charsets.
  if (found.get('http-equiv')?.toLowerCase() !== 'content-type') return ''
  const content = found.get('content')?.toLowerCase() ?? ''
  return /charset\s*=\s*["']?\s*([^\s"';]+)/.exec(content)?.[1] ?? ''
}
