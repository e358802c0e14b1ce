/**
 * A list whose members are its links (layer 0): to enter and to leave it, as every call does, makes
 * nothing and looks for nothing.
 */
export abstract class Linked {
  /** Itself while it is in no list. */
  before: Linked = this
  after: Linked = this

  unlink(): void {
    this.before.after = this.after
    this.after.before = this.before
    this.before = this
    this.after = this
  }
}

export class LinkedList<Member extends Linked> extends Linked {
  get isEmpty(): boolean {
    return this.after === this
  }

  /** A member of no other list. */
  add(member: Member): void {
    member.before = this.before
    member.after = this
    this.before.after = member
    this.before = member
  }

  /** Those that are in it now: they may leave while they are gone through. */
  members(): Member[] {
    const members: Member[] = []
    // Nothing else is ever added.
    for (let each = this.after; each !== this; each = each.after) members.push(each as Member)
    return members
  }
}
