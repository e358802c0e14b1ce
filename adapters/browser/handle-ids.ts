/**
 * Which file a handle of a picker stands for: script sees no more than its name, which files of many
 * folders have. The handles of downloads that are not done are kept in IndexedDB, each with an id.
 */
const DATABASE = 'ubiquest-downloads'
const HANDLES = 'handles'

/** The same for every handle of one file, also after a reload, until it is forgotten. */
export async function idOfHandle(handle: FileSystemFileHandle): Promise<string> {
  try {
    // Two pages that ask at once must not give two ids to one file.
    return await navigator.locks.request(DATABASE, () => withDatabase(findOrKeep(handle)))
  } catch {
    // WebKit keeps no handles, but has none of pickers: a file of the private file system has a path.
    const root = await navigator.storage.getDirectory()
    return encodeURIComponent(((await root.resolve(handle)) ?? [handle.name]).join('/'))
  }
}

export async function forgetHandle(id: string): Promise<void> {
  try {
    await withDatabase((kept) => done(store(kept, 'readwrite').delete(id)))
  } catch {
    // It was not kept either; and one that stays there does no harm.
  }
}

function findOrKeep(handle: FileSystemFileHandle): (kept: IDBDatabase) => Promise<string> {
  return async (kept) => {
    const known = await findId(kept, handle)
    if (known !== null) return known
    const id = crypto.randomUUID()
    await done(store(kept, 'readwrite').put(handle, id))
    return id
  }
}

async function findId(kept: IDBDatabase, handle: FileSystemFileHandle): Promise<string | null> {
  const handles = store(kept, 'readonly')
  const [ids, all] = await Promise.all([done(handles.getAllKeys()), done(handles.getAll())])
  for (const [at, id] of ids.entries()) {
    const each: unknown = all[at]
    if (typeof id !== 'string' || !(each instanceof FileSystemFileHandle)) continue
    if (await isSame(handle, each)) return id
  }
  return null
}

async function isSame(one: FileSystemFileHandle, other: FileSystemFileHandle): Promise<boolean> {
  try {
    return await one.isSameEntry(other)
  } catch {
    // A file that is gone is no other one.
    return false
  }
}

async function withDatabase<T>(use: (kept: IDBDatabase) => Promise<T>): Promise<T> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = (): void => {
    request.result.createObjectStore(HANDLES)
  }
  const kept = await done(request)
  try {
    return await use(kept)
  } finally {
    kept.close()
  }
}

function store(kept: IDBDatabase, mode: IDBTransactionMode): IDBObjectStore {
  return kept.transaction(HANDLES, mode).objectStore(HANDLES)
}

async function done<T>(request: IDBRequest<T>): Promise<T> {
  return await new Promise((resolve, reject) => {
    request.onsuccess = (): void => {
      resolve(request.result)
    }
    request.onerror = (): void => {
      reject(request.error ?? new Error('IndexedDB failed without a reason.'))
    }
  })
}
