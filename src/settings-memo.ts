/**
 * The settings of calls (layer 5) that say nothing about how they are sent, as most, or the same as
 * others before: merged once and kept for as long as the session says the same.
 */
import { own } from './own.ts'
import type { EnvironmentSettings } from './ports.ts'
import { Retry } from './retry.ts'
import { isContent } from './settings.ts'
import type { SendOptions, SendSettings, SessionSays } from './settings.ts'

/** What settings were merged from. */
export interface Merged {
  readonly options: SendOptions
  readonly says: SessionSays
  readonly environment: EnvironmentSettings | undefined
}

/** What a call said about how it is sent, in plain values, and what came of it. */
interface Kept {
  readonly names: readonly string[]
  readonly values: readonly unknown[]
  /** Without the signal of the call, which is no value to keep. */
  readonly settings: SendSettings
}

/** A program says a few things, again and again. */
const MOST_KEPT = 4

export class SettingsMemo {
  #kept: Kept[] = []
  #says: SessionSays = {}
  #environment: EnvironmentSettings | undefined = undefined

  /** Null when the call or the session says something else than before. */
  find(
    options: SendOptions,
    session: SessionSays,
    environment: EnvironmentSettings | undefined,
  ): SendSettings | null {
    if (this.#environment !== environment) return null
    for (const { names, values, settings } of this.#kept) {
      if (!isSaid(options, names, values)) continue
      if (!isSame(session, this.#says)) return null
      return names.includes('signal')
        ? { ...settings, signal: own(options, 'signal') ?? null }
        : settings
    }
    return null
  }

  keep(settings: SendSettings, { options, says, environment }: Merged): SendSettings {
    if (!isFixed(says)) return settings
    if (this.#environment !== environment || !isSame(says, this.#says)) this.#kept = []
    this.#says = says
    this.#environment = environment
    const names = Object.keys(options).filter((name) => !isContent(name))
    // From JavaScript any name and value may come.
    const values = names.map((name) => Reflect.get(options, name) as unknown)
    if (!values.every((value, at) => names[at] === 'signal' || isPlain(value))) return settings
    if (this.#kept.length === MOST_KEPT) this.#kept.shift()
    this.#kept.push({
      names,
      // Not the signal, which may hold on to much.
      values: values.map((value, at) => (names[at] === 'signal' ? null : value)),
      settings: names.includes('signal') ? { ...settings, signal: null } : settings,
    })
    return settings
  }
}

/** Whether the call says this about how it is sent, and nothing else. */
function isSaid(options: object, names: readonly string[], values: readonly unknown[]): boolean {
  let said = 0
  for (const name in options) {
    if (isContent(name)) continue
    const at = names.indexOf(name)
    // What is not its own is nothing that it says, but the merge decides that.
    if (at === -1 || !Object.hasOwn(options, name)) return false
    if (name !== 'signal' && values[at] !== Reflect.get(options, name)) return false
    said += 1
  }
  // Of a list or a map in the place of options, which the merge refuses, nothing is said.
  return said === names.length && !(Symbol.iterator in Object(options))
}

/** What cannot be changed in place, and holds on to nothing. */
function isPlain(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function')
}

/** By name: a loop over names would take as long as the merge. */
function isSame(a: SessionSays, b: SessionSays): boolean {
  return (
    a.proxies === b.proxies &&
    a.verify === b.verify &&
    a.cert === b.cert &&
    a.hooks === b.hooks &&
    a.timeout === b.timeout &&
    a.retries === b.retries &&
    a.allowRedirects === b.allowRedirects &&
    a.maxRedirects === b.maxRedirects &&
    a.stream === b.stream &&
    a.decompress === b.decompress &&
    a.compress === b.compress &&
    a.bufferUpload === b.bufferUpload &&
    a.raiseForStatus === b.raiseForStatus &&
    a.maxBytes === b.maxBytes &&
    a.credentials === b.credentials &&
    a.redirectSecrets === b.redirectSecrets &&
    a.redirectBodies === b.redirectBodies &&
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
