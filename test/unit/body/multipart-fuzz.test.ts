/** Names, values and chunk boundaries at random, read back by a parser that is not ours. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import busboy from 'busboy'
import fc from 'fast-check'
import { encodeBody } from '../../../src/body/from-input.ts'
import { readBytes } from './read-body.ts'

type Parsed = [name: string, filename: string | null, type: string, content: string]

const text = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    fc.constantFrom('"', '\r', '\n', '\r\n', '%', '\\', ';', '=', '--', '\r\n--'),
  ),
})
/** Busboy takes the last segment of a path, and nothing for `.` and `..`: not what is tested. */
const filename = text.map((name) => `f${name.replaceAll(/[/\\]/g, '_')}`)
// Busboy reads a backslash in a name as an escape, which HTML does not have.
const name = text.map((each) => `n${each.replaceAll('\\', '_')}`)
const bytes = fc.uint8Array({ maxLength: 300 })
const type = fc.constantFrom('text/plain', 'image/png', 'application/x-own')

test('busboy reads what was encoded, wherever the chunks are cut', async () => {
  const part = fc.record({ name, filename: fc.option(filename), type, content: bytes })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(name, text), { maxLength: 4 }),
      fc.array(part, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 97 }),
      async (fields, files, cut) => {
        const { source, contentType } = encodeBody({
          data: fields,
          files: files.map(
            (file) => [file.name, [file.filename, file.content, file.type]] as const,
          ),
        })
        const parsed = await parse(await readBytes(source), contentType ?? '', cut)
        assert.deepEqual(parsed, [
          ...fields.map(([key, value]): Parsed => [
            seen(key),
            null,
            'text/plain',
            latin1(crlf(value)),
          ]),
          ...files.map((file): Parsed => [
            seen(file.name),
            file.filename === null ? null : escape(file.filename),
            file.type,
            Buffer.from(file.content).toString('latin1'),
          ]),
        ])
      },
    ),
    { numRuns: 300 },
  )
})

async function parse(body: Uint8Array, contentType: string, cut: number): Promise<Parsed[]> {
  const parser = busboy({
    headers: { 'content-type': contentType },
    defParamCharset: 'utf8',
    defCharset: 'latin1',
    preservePath: true,
  })
  const parsed: Parsed[] = []
  parser.on('field', (key, value, info) => parsed.push([key, null, info.mimeType, value]))
  parser.on('file', (key, stream, info) => {
    // Its types leave out that a part of binary type may have no file name.
    const filename = noName(info.filename)
    const found: Parsed = [key, filename, info.mimeType, '']
    parsed.push(found)
    stream.on('data', (chunk: Buffer) => (found[3] += chunk.toString('latin1')))
  })
  const closed = new Promise((resolve, reject) => parser.on('close', resolve).on('error', reject))
  for (let at = 0; at < body.length; at += cut) parser.write(body.subarray(at, at + cut))
  parser.end()
  await closed
  return parsed
}

function noName(filename: string | undefined): string | null {
  return filename ?? null
}

/** Servers see names escaped: HTML has no way back, and browsers send the same. */
function seen(key: string): string {
  return escape(crlf(key))
}

function escape(value: string): string {
  return value.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')
}

function crlf(value: string): string {
  return value.replace(/\r\n|\r|\n/g, '\r\n')
}

function latin1(value: string): string {
  return Buffer.from(value).toString('latin1')
}
