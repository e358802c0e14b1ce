/** Basic and Digest against the servers that people run: Apache, nginx, httpbin. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import * as requests from '../../adapters/node/index.ts'
import { findProgram, startProgram } from './programs.ts'
import type { Program } from './programs.ts'

const MODULES = '/usr/lib/apache2/modules'
const apache = findProgram('apache2')
const nginx = findProgram('nginx')
const gunicorn = hasHttpbin() ? findProgram('gunicorn') : null

const running: Program[] = []
after(async () => {
  await Promise.all(running.map(async (program) => program.stop()))
})

async function start(plan: Parameters<typeof startProgram>[0]): Promise<string> {
  const program = await startProgram(plan)
  running.push(program)
  return `http://127.0.0.1:${String(program.port)}`
}

/** Asked of the Python that gunicorn of the same distribution runs with. */
function hasHttpbin(): boolean {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import httpbin'], { stdio: 'ignore' })
    return true
  } catch {
    // No Python, or no httpbin.
    return false
  }
}

const digestOf = (text: string): string => createHash('md5').update(text).digest('hex')

async function planApache(folder: string, port: number): Promise<[string, ...string[]]> {
  const line = `Mufasa:lions:${digestOf('Mufasa:lions:Circle of Life')}\n`
  await writeFile(join(folder, 'digest'), line)
  await mkdir(join(folder, 'www/secret'), { recursive: true })
  await writeFile(join(folder, 'www/secret/index.txt'), 'the secret\n')
  const modules = ['mpm_event', 'authn_core', 'authn_file', 'authz_core', 'authz_user']
  const load = [...modules, 'auth_digest', 'dir'].map(
    (name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`,
  )
  const config = `${load.join('\n')}
ServerName 127.0.0.1
ServerRoot ${folder}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
Listen 127.0.0.1:${String(port)}
DocumentRoot ${folder}/www
Mutex file:${folder}
User www-data
<Directory ${folder}/www/secret>
  AuthType Digest
  AuthName lions
  AuthDigestProvider file
  AuthUserFile ${folder}/digest
  AuthDigestNonceLifetime 300
  Require valid-user
</Directory>
`
  await writeFile(join(folder, 'httpd.conf'), config)
  execFileSync('chmod', ['-R', 'a+rX', folder])
  return [apache ?? '', '-d', folder, '-f', join(folder, 'httpd.conf'), '-DFOREGROUND']
}

test('Digest against mod_auth_digest of Apache', { skip: apache === null }, async () => {
  const url = `${await start(planApache)}/secret/index.txt`
  assert.equal((await requests.get(url)).status, 401)
  const session = new requests.Session({
    auth: new requests.DigestAuth('Mufasa', 'Circle of Life'),
  })
  for (let count = 1; count <= 3; count++) {
    const response = await session.get(url, { params: { a: 'b c', count } })
    assert.equal(await response.text(), 'the secret\n')
    const sent = response.request?.headers.get('authorization') ?? ''
    assert.match(sent, new RegExp(`\\bnc=0000000${String(count)}\\b`))
  }
  assert.equal((await session.head(url)).status, 200)
  await session.close()
  const wrong = await requests.get(url, { auth: new requests.DigestAuth('Mufasa', 'wrong') })
  assert.equal(wrong.status, 401)
})

test('Digest against httpbin', { skip: gunicorn === null }, async () => {
  const base = await start((_, port) =>
    Promise.resolve([gunicorn ?? '', '-b', `127.0.0.1:${String(port)}`, 'httpbin:app']),
  )
  for (const qop of ['auth', 'auth-int']) {
    for (const algorithm of ['MD5', 'SHA-256']) {
      const auth = new requests.DigestAuth('user', 'pass:word')
      const url = `${base}/digest-auth/${qop}/user/pass:word/${algorithm}`
      const response = await requests.get(url, { auth })
      assert.equal(response.status, 200, `${qop} ${algorithm}: ${await response.text()}`)
      assert.deepEqual(await response.json(), { authenticated: true, user: 'user' })
      const wrong = await requests.get(url, { auth: new requests.DigestAuth('user', 'other') })
      assert.equal(wrong.status, 401)
    }
  }
  const basic = await requests.get(`${base}/basic-auth/user/pass`, { auth: ['user', 'pass'] })
  assert.equal(basic.status, 200)
  const [host] = base.split('//').slice(1)
  assert.equal(
    (await requests.get(`http://user:pass@${host ?? ''}/basic-auth/user/pass`)).status,
    200,
  )
})

async function planNginx(folder: string, port: number): Promise<[string, ...string[]]> {
  const hash = createHash('sha1').update('pä:ss').digest('base64')
  await writeFile(join(folder, 'users'), `jürgen:{SHA}${hash}\n`)
  await writeFile(join(folder, 'hello.txt'), 'hello\n')
  const config = `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; master_process off;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${String(port)};
    root ${folder};
    location / { auth_basic "here"; auth_basic_user_file ${folder}/users; }
  }
}
`
  await writeFile(join(folder, 'nginx.conf'), config)
  return [
    nginx ?? '',
    '-p',
    folder,
    '-e',
    join(folder, 'error.log'),
    '-c',
    join(folder, 'nginx.conf'),
  ]
}

test('Basic against nginx, beyond ASCII', { skip: nginx === null }, async () => {
  const url = `${await start(planNginx)}/hello.txt`
  assert.equal((await requests.get(url)).status, 401)
  assert.equal((await requests.get(url, { auth: ['jürgen', 'wrong'] })).status, 401)
  const response = await requests.get(url, { auth: ['jürgen', 'pä:ss'] })
  assert.equal(await response.text(), 'hello\n')
})
