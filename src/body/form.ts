/** Layer 1: form fields, and their encoding as `application/x-www-form-urlencoded`. */
import { describe } from '../bytes.ts'

export type Field = readonly [name: string, value: string]

export const FORM_TYPE = 'application/x-www-form-urlencoded'

/** The fields of an object (its own properties) or of pairs: order kept, lists repeated, `null` and
 *  `undefined` left out. Null when the input is neither. */
export function formFields(input: object): Field[] | null {
  const entries = isPairs(input) ? input : isPlainObject(input) ? Object.entries(input) : null
  if (entries === null) return null
  const fields: Field[] = []
  for (const entry of entries) {
    // By place: to take a pair apart makes an iterator.
    const { 0: name, 1: value } = entry
    if (typeof name !== 'string') {
      throw new TypeError(`The name of a form field must be a string, not ${describe(name)}.`)
    }
    if (!Array.isArray(value)) addField(fields, name, value)
    else for (const each of value) addField(fields, name, each)
  }
  return fields
}

function addField(fields: Field[], name: string, value: unknown): void {
  if (value !== null && value !== undefined) fields.push([name, fieldText(name, value)])
}

/** As URLSearchParams serialises it (URL §5.2), on engines that have none or a poor one too. */
export function encodeForm(fields: readonly Field[]): string {
  return fields.map((field) => `${percent(field[0])}=${percent(field[1])}`).join('&')
}

/** Not an instance of a class, in whatever realm it was made. */
export function isPlainObject(input: object): input is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(input)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** A list whose items are all lists of two; an empty list has no chunks either way. */
function isPairs(input: object): input is readonly (readonly [unknown, unknown])[] {
  return Array.isArray(input) && input.every((item) => Array.isArray(item) && item.length === 2)
}

function fieldText(name: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value)
    default:
      throw new TypeError(
        `Form field ${JSON.stringify(name)} must be a string, number or boolean, or a list of ` +
          `these, not ${describe(value)}. To send JSON use json, to send a file use files.`,
      )
  }
}

function percent(text: string): string {
  if (UNRESERVED.test(text)) return text
  // encodeURIComponent throws on a lone surrogate, which UTF-8 encoding replaces.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

const UNRESERVED = /^[*\-.\w]*$/
