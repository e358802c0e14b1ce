/** What of a body is hidden where it is shown: fields by their names, in every form they have. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hideBody, hideHeaders, hideURL } from '../../../src/prepared-hide.ts'

const shown = (text: string, type: string | null): string | null =>
  hideBody(new TextEncoder().encode(text), type)

test('fields of forms, JSON at any depth, and parts', () => {
  const form = 'application/x-www-form-urlencoded'
  assert.equal(shown('user=ann&password=x%26&b', form), 'user=ann&password=[hidden]&b')
  assert.equal(shown('user=ann', form), null)
  const json = '{"a":[{"apiKey":"k","n":1}],"token":null}'
  assert.equal(shown(json, 'application/json'), '{"a":[{"apiKey":"[hidden]","n":1}],"token":null}')
  assert.equal(shown('{"token":"t"}', 'application/vnd.api+json'), '{"token":"[hidden]"}')
  assert.equal(shown('{"token', 'application/json'), null)
  const part = (name: string, value: string): string =>
    `--bOUND\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const type = 'multipart/form-data; boundary=bOUND'
  const body = `${part('user', 'ann')}${part('password', 'hunter2')}--bOUND--\r\n`
  assert.equal(
    shown(body, type),
    `${part('user', 'ann')}${part('password', '[hidden]')}--bOUND--\r\n`,
  )
})

test('text without names is shown as it is', () => {
  assert.equal(shown('password=x', 'text/plain'), null)
  assert.equal(shown('password=x', null), null)
})

test('headers by the one list, URLs by the names of their parameters', () => {
  assert.deepEqual(
    hideHeaders([
      ['AUTHORIZATION', 'x'],
      ['X-Api-Key', 'y'],
      ['Accept', 'z'],
    ]),
    [
      ['AUTHORIZATION', '[hidden]'],
      ['X-Api-Key', '[hidden]'],
      ['Accept', 'z'],
    ],
  )
  assert.equal(
    hideURL(new URL('http://h/a?access_token=t&b=1#f')),
    'http://h/a?access_token=[hidden]&b=1',
  )
})
