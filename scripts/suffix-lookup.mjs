/**
 * Looks public suffixes up in a text (goes into `dist/workerd`): groups with `;` between them, each a
 * domain and the labels before it with which it is a public suffix. `*` is any label, `!` marks one
 * with which it is none.
 */

/** @param {string} list  @returns {(domain: string) => string} */
export function suffixFinder(list) {
  const groups = readGroups(list)
  return (domain) => findSuffix(domain, groups)
}

/** The labels of each domain, a text until somebody asks for them: of 1,300 domains hardly ten. */
function readGroups(list) {
  const groups = new Map()
  for (const group of list.split(';')) {
    const end = group.indexOf(' ')
    groups.set(group.slice(0, end), group.slice(end + 1))
  }
  return groups
}

/** The longest rule prevails, but for an exception, which is none itself (publicsuffix.org/list). */
function findSuffix(domain, groups) {
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

function labelsOf(domain, groups) {
  const labels = groups.get(domain)
  if (typeof labels !== 'string') return labels
  const split = new Set(labels.split(' '))
  groups.set(domain, split)
  return split
}
