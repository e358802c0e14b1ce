/** What stands behind the bindings `KV` and `R2` of the worker with the cases: one value, any key. */
const LENGTH = 300_000

export default {
  fetch(request) {
    const value = Uint8Array.from({ length: LENGTH }, (_, index) => index % 251)
    if (!request.headers.has('cf-r2-request')) return new Response(value)
    // R2 answers with its metadata in front of the object, and the length of the former in a field.
    const metadata = new TextEncoder().encode(JSON.stringify(describe()))
    return new Response(new Blob([metadata, value]), {
      headers: { 'cf-r2-metadata-size': String(metadata.length) },
    })
  },
}

function describe() {
  return {
    name: 'object',
    version: '1',
    etag: 'e',
    size: String(LENGTH),
    uploaded: '0',
    httpFields: {},
    customFields: [],
    checksums: {},
    storageClass: 'Standard',
  }
}
