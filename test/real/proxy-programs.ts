/** How squid, tinyproxy and microsocks are started for a test, each with a log of who was asked. */
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram } from './programs.ts'

export async function squid(folder: string, port: number): Promise<readonly [string, ...string[]]> {
  return await planSquid(folder, port, ['http_access allow all'])
}

export const SQUID_DIGEST_HELPER = '/usr/lib/squid/digest_file_auth'

/** Lets in whoever answers with Digest for `Mufasa`, `Circle of Life`. */
export async function squidWithDigest(
  folder: string,
  port: number,
): Promise<readonly [string, ...string[]]> {
  const users = join(folder, 'users')
  await writeFile(users, 'Mufasa:Circle of Life\n')
  return await planSquid(folder, port, [
    `auth_param digest program ${SQUID_DIGEST_HELPER} ${users}`,
    'auth_param digest children 1',
    'auth_param digest realm savanna',
    'auth_param digest check_nonce_count on',
    'acl known proxy_auth REQUIRED',
    'http_access allow known',
    'http_access deny all',
  ])
}

async function planSquid(
  folder: string,
  port: number,
  access: readonly string[],
): Promise<readonly [string, ...string[]]> {
  const file = join(folder, 'squid.conf')
  // Started by root, it becomes another user before it opens its logs.
  await chmod(folder, 0o777)
  const lines = [
    `http_port 127.0.0.1:${String(port)}`,
    ...access,
    `access_log stdio:${join(folder, 'access.log')} logformat=squid`,
    'buffered_logs off',
    `cache_log ${join(folder, 'cache.log')}`,
    'pid_filename none',
    `coredump_dir ${folder}`,
    'cache deny all',
    'shutdown_lifetime 0 seconds',
    'netdb_filename none',
    'pinger_enable off',
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  return [findProgram('squid') ?? 'squid', '-N', '-n', `ubiquest${String(port)}`, '-f', file]
}

export async function tinyproxy(
  folder: string,
  port: number,
): Promise<readonly [string, ...string[]]> {
  const file = join(folder, 'tinyproxy.conf')
  const lines = [
    `Port ${String(port)}`,
    'Listen 127.0.0.1',
    'BasicAuth user secret',
    `LogFile "${join(folder, 'access.log')}"`,
    'LogLevel Connect',
    'MaxClients 50',
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  return [findProgram('tinyproxy') ?? 'tinyproxy', '-d', '-c', file]
}

export function microsocks(_: string, port: number): Promise<readonly [string, ...string[]]> {
  const at = ['-i', '127.0.0.1', '-p', String(port), '-u', 'user', '-P', 'secret']
  return Promise.resolve([findProgram('microsocks') ?? 'microsocks', ...at])
}
