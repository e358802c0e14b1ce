/** The public suffix list (private domains included), loaded when a cookie needs it. */
import type { PublicSuffix } from '../src/cookies/receive.ts'

/** A session asks for the same few domains again and again; a look into the list takes 0.5 µs. */
const REMEMBERED = 1000

let loaded: PublicSuffix | null = null

/** Resolves once; from then on the function is there at once. Only plain data is kept. */
export function loadPublicSuffixes(): PublicSuffix | Promise<PublicSuffix> {
  return loaded ?? load()
}

async function load(): Promise<PublicSuffix> {
  const { PUBLIC_SUFFIXES } = await import('./public-suffix-list.ts')
  const groups = readGroups(PUBLIC_SUFFIXES)
  const known = new Map<string, string>()
  loaded = (domain) => {
    let suffix = known.get(domain)
    if (suffix === undefined) {
      suffix = findSuffix(domain, groups)
      if (known.size >= REMEMBERED) known.clear()
      known.set(domain, suffix)
    }
    return suffix
  }
  return loaded
}

/** The labels of each domain, a text until somebody asks for them: of 1,300 domains hardly ten. */
type Groups = Map<string, string | ReadonlySet<string>>

function readGroups(list: string): Groups {
  const groups: Groups = new Map()
  for (const group of list.split(';')) {
    const end = group.indexOf(' ')
    groups.set(group.slice(0, end), group.slice(end + 1))
  }
  return groups
}

/** The longest rule prevails, but for an exception, which is none itself (publicsuffix.org/list). */
function findSuffix(domain: string, groups: Groups): string {
  let end = domain.lastIndexOf('.')
  let parent = domain.slice(end + 1)
  let suffix = parent
  while (end > 0) {
    const start = domain.lastIndexOf('.', end - 1) + 1
    const label = domain.slice(start, end)
    const labels = labelsOf(parent, groups)
    const any = labels?.has('*') === true && label !== ''
    if (any && labels.has(`!${label}`)) return parent
    const found = any || labels?.has(label) === true
    parent = domain.slice(start)
    if (found) suffix = parent
    end = start - 1
  }
  return suffix
}

function labelsOf(domain: string, groups: Groups): ReadonlySet<string> | undefined {
  const labels = groups.get(domain)
  if (typeof labels !== 'string') return labels
  const split = new Set(labels.split(' '))
  groups.set(domain, split)
  return split
}
