// The relief: hill-shade and elevation, two grey pictures, put together in the colours of a theme.

export function createRelief(head) {
  return { async compose() {}, use() {}, paint() {}, head };
}
