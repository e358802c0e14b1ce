/**
 * The settings of calls that say nothing about how they are sent (layer 5), which are most: merged
 * once and kept for as long as the session says the same.
 */
import type { EnvironmentSettings } from './ports.ts'
import { Retry } from './retry.ts'
import type { SendOptions, SendSettings, SessionSays } from './settings.ts'

/** What settings were merged from. */
export interface Merged {
  readonly options: SendOptions
  readonly says: SessionSays
  readonly environment: EnvironmentSettings | undefined
}

export class SettingsMemo {
  #settings: SendSettings | null = null
  #says: SessionSays = {}
  #environment: EnvironmentSettings | undefined = undefined

  /** Null when the call or the session says something else than before. */
  find(
    options: SendOptions,
    session: SessionSays,
    environment: EnvironmentSettings | undefined,
  ): SendSettings | null {
    const known = this.#settings
    if (known === null || this.#environment !== environment || saysHow(options)) return null
    return isSame(session, this.#says) ? known : null
  }

  keep(settings: SendSettings, { options, says, environment }: Merged): SendSettings {
    if (saysHow(options) || !isFixed(says)) return settings
    this.#settings = settings
    this.#says = says
    this.#environment = environment
    return settings
  }
}

/** By name: a loop over names would take as long as the merge. */
function isSame(a: SessionSays, b: SessionSays): boolean {
  return (
    a.timeout === b.timeout &&
    a.allowRedirects === b.allowRedirects &&
    a.maxRedirects === b.maxRedirects &&
    a.proxies === b.proxies &&
    a.verify === b.verify &&
    a.cert === b.cert &&
    a.stream === b.stream &&
    a.decompress === b.decompress &&
    a.hooks === b.hooks &&
    a.retries === b.retries &&
    a.maxBytes === b.maxBytes &&
    a.credentials === b.credentials &&
    a.redirectSecrets === b.redirectSecrets &&
    a.redirectBodies === b.redirectBodies &&
    a.raiseForStatus === b.raiseForStatus &&
    a.compress === b.compress &&
    a.bufferUpload === b.bufferUpload &&
    a.init === b.init &&
    a.secretHeaders === b.secretHeaders &&
    a.strict === b.strict
  )
}

/** An object could be changed in place without a trace: `session.hooks.response.push(hook)`. */
function isFixed({ retries, ...says }: SessionSays): boolean {
  const { timeout, proxies, verify, cert, hooks, init, secretHeaders } = says
  const values = [timeout, proxies, verify, cert, hooks, init, secretHeaders]
  return (
    values.every((value) => typeof value !== 'object' || value === null) &&
    // Frozen, other than the options that make one.
    (typeof retries !== 'object' || retries === null || retries instanceof Retry)
  )
}

/** Also true for names that nobody knows: the merge then decides. */
function saysHow(options: object): boolean {
  for (const name in options) if (!isContent(name)) return true
  return false
}

/** The options that say what is sent, and nothing about how. */
function isContent(name: string): boolean {
  switch (name) {
    case 'params':
    case 'headers':
    case 'cookies':
    case 'auth':
    case 'json':
    case 'data':
    case 'files':
      return true
    default:
      return false
  }
}
